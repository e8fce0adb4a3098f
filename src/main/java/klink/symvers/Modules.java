package klink.symvers;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import klink.elf.Elf;
import klink.input.Inputs;
import klink.input.ObjectFile;
import klink.kernel.Kernel;
import klink.par.Par;
import klink.report.Report;
import klink.resolve.NameTable;

/// The modules of a kernel build, as far as the kernel's own link cares: which of its exports they use
/// (CONFIG_TRIM_UNUSED_KSYMS leaves out the others), and what they export themselves (`Module.symvers`). They are listed in
/// `modules.order`; a distribution has 4,000.
public final class Modules {
    private final Path tree;
    private final List<String> names;
    private final List<ObjectFile> objects;
    private final List<Exports> exports;

    private Modules(Path tree, List<String> names, List<ObjectFile> objects, List<Exports> exports) {
        this.tree = tree;
        this.names = names;
        this.objects = objects;
        this.exports = exports;
    }

    /// Reads the objects of all modules of a tree; what is missing goes to the report.
    public static Modules read(Path tree, Kernel kernel, int threads, Report report) throws IOException {
        var names = new ArrayList<String>();
        for (String line : text(tree.resolve("modules.order")).split("\n")) {
            if (line.endsWith(".ko") || line.endsWith(".o")) { // .ko up to 6.1
                names.add(line.substring(0, line.lastIndexOf('.')));
            }
        }
        var objects = new ObjectFile[names.size()];
        var exports = new Exports[names.size()];
        Par.loop(objects.length, threads, (i, _) -> {
            String path = tree.resolve(names.get(i) + ".o").toString();
            MemorySegment bytes = Inputs.map(path, report);
            if (bytes != null) {
                objects[i] = new ObjectFile(path, bytes);
                exports[i] = Exports.ofModule(names.get(i), objects[i], kernel);
            }
        });
        report.stopOnErrors();
        return new Modules(tree, names, List.of(objects), List.of(exports));
    }

    /// A list of files. What is not UTF-8 in it names no file, which is said when that is opened.
    private static String text(Path list) throws IOException {
        return new String(Files.readAllBytes(list), StandardCharsets.UTF_8);
    }

    public int count() {
        return names.size();
    }

    public Exports exports(int module) {
        return exports.get(module);
    }

    /// Checksums of what a module exports; its objects are listed in the file `NAME.mod`.
    public Crcs crcs(int module) throws IOException {
        var paths = new ArrayList<String>();
        for (String line : text(tree.resolve(names.get(module) + ".mod")).split("\n")) {
            if (line.isEmpty()) {
                break;
            }
            paths.add(tree.resolve(line).toString());
        }
        return Crcs.read(exports.get(module), paths, 1);
    }

    /// Which exports are used: by a module other than their own, or by being in a list of names.
    ///
    /// @param kernel      exports of the kernel
    /// @param modversions every module then also uses `module_layout`
    /// @param kept        text with one name a line (CONFIG_UNUSED_KSYMS_WHITELIST); null: none
    /// @return rows of the kernel's exports first, then of each module's
    public List<BitSet> used(Exports kernel, boolean modversions, byte[] kept) {
        var all = new ArrayList<Exports>();
        all.add(kernel);
        all.addAll(exports);
        var owners = new Owners(all);
        var used = new ArrayList<BitSet>();
        for (int i = 0; i < all.size(); i++) {
            used.add(new BitSet());
        }
        for (int m = 0; m < objects.size(); m++) {
            ObjectFile file = objects.get(m);
            byte[] table = file.symbolNames();
            for (int i = file.firstGlobal(); i < file.symbolCount(); i++) {
                int bind = Elf.bind(file.symbolInfo(i));
                if (file.symbolSection(i) == Elf.SHN_UNDEF && (bind == Elf.STB_GLOBAL || bind == Elf.STB_WEAK)) {
                    int at = file.symbolNameOffset(i);
                    owners.mark(table, at, SymbolName.length(table, at), m + 1, used);
                }
            }
            if (modversions) {
                byte[] layout = SymbolName.ascii("module_layout");
                owners.mark(layout, 0, layout.length, m + 1, used);
            }
        }
        for (int from = 0; kept != null && from < kept.length; ) {
            int end = from;
            while (end < kept.length && kept[end] != '\n') {
                end++;
            }
            owners.mark(kept, from, end - from, -1, used);
            from = end + 1;
        }
        return used;
    }

    /// Who exports a name: of several the last, as modpost finds it first.
    private static final class Owners {
        private final NameTable names = new NameTable(1 << 12);
        private int[] owner = new int[1 << 12];
        private int[] row = new int[1 << 12];

        Owners(List<Exports> all) {
            for (int o = 0; o < all.size(); o++) {
                Exports e = all.get(o);
                for (int i = 0; i < e.count(); i++) {
                    int id = names.intern(e.nameTable(i), e.nameOffset(i), e.nameLength(i),
                            NameTable.hash(e.nameTable(i), e.nameOffset(i), e.nameLength(i)));
                    if (id == owner.length) {
                        owner = java.util.Arrays.copyOf(owner, 2 * id);
                        row = java.util.Arrays.copyOf(row, 2 * id);
                    }
                    owner[id] = o;
                    row[id] = i;
                }
            }
        }

        void mark(byte[] table, int offset, int length, int user, List<BitSet> used) {
            int skip = length > 0 && table[offset] == '.' ? 1 : 0;
            int id = names.find(table, offset + skip, length - skip, NameTable.hash(table, offset + skip, length - skip));
            if (id >= 0 && owner[id] != user) {
                used.get(owner[id]).set(row[id]);
            }
        }
    }
}
