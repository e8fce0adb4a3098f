package klink.symvers;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import klink.check.End;
import klink.check.Violation;
import klink.elf.Elf;
import klink.input.ObjectFile;
import klink.kernel.ExportForm;
import klink.kernel.Kernel;
import klink.par.Par;
import klink.report.Finding;
import klink.resolve.NameTable;

/// Everything that a kernel, or a module, exports: names that modules may use, with license and namespace, in the order in
/// which scripts/mod/modpost.c meets them in the merged `vmlinux.o`. A defconfig kernel exports 11,000 names from 900 of
/// its 2,400 objects.
///
/// Rows of one table; [#read] fills it from the objects as they are, before symbols are resolved, as the table
/// of exports that the kernel carries is itself an input of the link.
public final class Exports {
    private final String module;
    private final ExportForm form;
    private int count;
    private byte[][] tables = {};
    private int[] offsets = {};
    private int[] lengths = {};
    private byte[][] namespaces = {};
    private ObjectFile[] files = {};
    private int[] labels = {};
    private int[] targets = {};
    private final BitSet gpl = new BitSet();
    private final NameTable names;
    /// By id in [#names]: the last row of that name, the one that modpost finds.
    private int[] latest = {};
    private final List<Violation> violations = new ArrayList<>();

    private Exports(String module, ExportForm form, int expected) {
        this.module = module;
        this.form = form;
        names = new NameTable(expected);
    }

    /// What the objects of the kernel itself export.
    ///
    /// @param files     in link order
    /// @param mergedBy  how the linker of this kernel orders objects in a merged one
    public static Exports read(List<ObjectFile> files, Kernel kernel, MergeOrder mergedBy, int threads) {
        return read("vmlinux", files, kernel, mergedBy, threads);
    }

    /// What a module exports.
    /// @param module its name, `lib/test_module`
    /// @param object the module before modpost's part is linked to it
    public static Exports ofModule(String module, ObjectFile object, Kernel kernel) {
        return read(module, List.of(object), kernel, MergeOrder.FILES, 1);
    }

    /// Whether an object exports anything.
    public static boolean anyIn(ObjectFile file, Kernel kernel) {
        FileExports scan = scan(file, kernel, "vmlinux");
        return scan != null && scan.count() > 0;
    }

    private static FileExports scan(ObjectFile file, Kernel kernel, String module) {
        return switch (kernel.exports()) {
            case ENTRIES -> EntryScan.of(file);
            case RECORDS -> RecordScan.of(file, kernel.sections().symbols(), module);
        };
    }

    private static Exports read(String module, List<ObjectFile> files, Kernel kernel, MergeOrder mergedBy, int threads) {
        var scans = new FileExports[files.size()];
        Par.loop(scans.length, threads, (f, _) -> scans[f] = scan(files.get(f), kernel, module));
        var ordered = new ArrayList<FileExports>();
        int rows = 0;
        // records are met by their places in one section, entries by their labels in the symbol table
        int[] order = kernel.exports() == ExportForm.ENTRIES ? mergedBy.order(files) : MergeOrder.FILES.order(files);
        for (int f : order) {
            if (scans[f] != null) {
                ordered.add(scans[f]);
                rows += scans[f].count();
            }
        }
        var exports = new Exports(module, kernel.exports(), rows);
        exports.reserve(rows);
        for (FileExports scan : ordered) {
            if (scan instanceof EntryScan e) {
                e.firstRow = exports.count;
            }
            exports.addRows(scan, 0, scan instanceof EntryScan e ? e.localRows : scan.count());
        }
        for (FileExports scan : ordered) {
            if (scan instanceof EntryScan e) {
                exports.addRows(e, e.localRows, e.count());
            }
        }
        for (FileExports scan : ordered) {
            if (scan instanceof EntryScan e) {
                exports.applyNamespaces(e);
            }
        }
        return exports;
    }

    private void reserve(int rows) {
        tables = new byte[rows][];
        offsets = new int[rows];
        lengths = new int[rows];
        namespaces = new byte[rows][];
        files = new ObjectFile[rows];
        labels = new int[rows];
        targets = new int[rows];
        latest = new int[rows];
    }

    private void addRows(FileExports scan, int from, int to) {
        byte[] table = scan.file.symbolNames();
        int next = from > 0 ? scan.violations.size() : 0; // only records have any, and they come in one part
        for (int row = from; row <= to; row++) {
            for (; next < scan.violations.size() && scan.violationRows.get(next) == row; next++) {
                violations.add(scan.violations.get(next));
            }
            if (row == to) {
                break;
            }
            int i = count++;
            tables[i] = table;
            offsets[i] = scan.rows.get(4 * row);
            lengths[i] = scan.rows.get(4 * row + 1);
            gpl.set(i, scan.rows.get(4 * row + 2) != 0);
            labels[i] = scan.rows.get(4 * row + 3);
            targets[i] = scan.targets.get(row);
            namespaces[i] = scan.namespaces.get(row);
            files[i] = scan.file;
            enter(i);
        }
    }

    private void enter(int i) {
        int skip = lengths[i] > 0 && tables[i][offsets[i]] == '.' ? 1 : 0;
        if (skip == 1 && find(tables[i], offsets[i] + 1, lengths[i] - 1) >= 0) {
            twice(i, find(tables[i], offsets[i] + 1, lengths[i] - 1)); // to modpost, .X is X
        }
        int before = names.count();
        int id = names.intern(tables[i], offsets[i], lengths[i], NameTable.hash(tables[i], offsets[i], lengths[i]));
        if (id < before && skip == 0) {
            twice(i, latest[id]);
        }
        latest[id] = i;
    }

    private void twice(int i, int first) {
        violations.add(new Violation("duplicate-export", Finding.Severity.ERROR,
                module + ": '" + name(i) + "' exported twice. Previous export was in " + module + (isVmlinux() ? "" : ".ko"), end(i), end(first), List.of(),
                List.of("export it once: remove the EXPORT_SYMBOL in " + files[i].name() + " or that in " + files[first].name())));
    }

    private void applyNamespaces(EntryScan scan) {
        byte[] table = scan.file.symbolNames();
        for (int n = 0; n < scan.namedSpaces.size(); n++) {
            int offset = scan.named.get(3 * n);
            int length = scan.named.get(3 * n + 1);
            int i = paired(scan, n, offset, length) ? scan.firstRow + n : find(table, offset, length);
            byte[] space = scan.namedSpaces.get(n);
            if (i >= 0) {
                namespaces[i] = space;
                continue;
            }
            int symbol = scan.named.get(3 * n + 2);
            int section = scan.file.symbolSection(symbol);
            violations.add(new Violation("namespace-without-export", Finding.Severity.ERROR, "Could not update namespace("
                    + new String(space, StandardCharsets.UTF_8) + ") for symbol " + new String(table, offset, length, StandardCharsets.UTF_8),
                    new End(scan.file, section, scan.file.symbolValue(symbol), symbol), null));
        }
    }

    /// Whether the namespace `n` of a file belongs to its export `n`, as the macros write them.
    private static boolean paired(EntryScan scan, int n, int offset, int length) {
        byte[] table = scan.file.symbolNames();
        return n < scan.localRows && scan.rows.get(4 * n + 1) == length && length > 0 && table[offset] != '.'
                && Arrays.equals(table, scan.rows.get(4 * n), scan.rows.get(4 * n) + length, table, offset, offset + length);
    }

    /// The row of a name of a string table, or -1. To modpost `.X` is `X` (ppc64's function descriptors).
    int find(byte[] table, int offset, int length) {
        if (length > 0 && table[offset] == '.') {
            offset++;
            length--;
        }
        int id = names.find(table, offset, length, NameTable.hash(table, offset, length));
        return id < 0 ? -1 : latest[id];
    }

    /// The row of a name, or -1.
    public int find(String name) {
        byte[] b = name.getBytes(StandardCharsets.UTF_8);
        return find(b, 0, b.length);
    }

    /// What is wrong with the exports as such, in modpost's order and words: exported twice, records that are not right.
    public List<Violation> violations() {
        return List.copyOf(violations);
    }

    /// `vmlinux`, or the module's name.
    public String module() {
        return module;
    }

    public boolean isVmlinux() {
        return module.equals("vmlinux");
    }

    ExportForm form() {
        return form;
    }

    public int count() {
        return count;
    }

    public String name(int i) {
        return new String(tables[i], offsets[i], lengths[i], StandardCharsets.UTF_8);
    }

    byte[] nameTable(int i) {
        return tables[i];
    }

    int nameOffset(int i) {
        return offsets[i];
    }

    int nameLength(int i) {
        return lengths[i];
    }

    /// Exported to modules with a GPL-compatible license only.
    public boolean isGpl(int i) {
        return gpl.get(i);
    }

    /// The namespace a module has to import, or empty.
    public String namespace(int i) {
        return new String(namespaces[i], StandardCharsets.UTF_8);
    }

    byte[] namespaceBytes(int i) {
        return namespaces[i];
    }

    /// The object that exports it.
    public ObjectFile file(int i) {
        return files[i];
    }

    /// The symbol of [#file] that is exported; 0 where an entry does not tell.
    int target(int i) {
        return targets[i];
    }

    /// Where the export stands: its entry or record.
    End end(int i) {
        int section = files[i].symbolSection(labels[i]);
        return new End(files[i], Math.max(0, section), files[i].symbolValue(labels[i]), labels[i]);
    }
}
