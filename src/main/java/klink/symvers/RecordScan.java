package klink.symvers;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import klink.check.End;
import klink.check.Violation;
import klink.elf.Elf;
import klink.input.ObjectFile;
import klink.kernel.SectionRules;
import klink.mem.IntList;
import klink.mem.IntSort;
import klink.mem.LE;
import klink.report.Finding;

/// Exports of an object that holds records of them (6.12: include/linux/export.h). Every relocation of `.export_symbol` is
/// one: the label at or below its place starts the record, and says whose it is.
///
///     __export_symbol_X:  license, NUL   namespace, NUL   padding   reference to X
final class RecordScan extends FileExports {
    private static final byte[] LABEL = SymbolName.ascii("__export_symbol_");
    private static final byte[] SECTION = SymbolName.ascii(".export_symbol");
    private static final byte[] LICENSE_GPL = SymbolName.ascii("GPL");

    private final String module;

    private RecordScan(ObjectFile file, String module) {
        super(file);
        this.module = module;
    }

    /// What the object exports; null if it has no section for any.
    /// @param module what messages call the kernel or module that the object is part of
    static RecordScan of(ObjectFile file, SectionRules.SymbolSearch names, String module) {
        RecordScan scan = null;
        byte[] table = file.sectionNames();
        for (int s = 1; s < file.sectionCount(); s++) {
            int at = file.nameOffset(s);
            if (table[at] == '.' && table[at + 1] == 'e' && SymbolName.starts(table, at, SECTION) && table[at + SECTION.length] == 0) {
                scan = scan == null ? new RecordScan(file, module) : scan;
                scan.section(s, names);
            }
        }
        return scan;
    }

    private void section(int s, SectionRules.SymbolSearch names) {
        int[] labels = labels(s, names);
        for (int r = 1; r < file.sectionCount(); r++) {
            int type = file.type(r);
            if ((type == Elf.SHT_RELA || type == Elf.SHT_REL) && file.info(r) == s) {
                int words = type == Elf.SHT_RELA ? 3 : 2; // offset, info and perhaps addend
                relocations(r, words * (file.is64() ? 8 : 4), s, labels);
            }
        }
    }

    /// The symbols of a section whose names count, in order of address, one each.
    private int[] labels(int s, SectionRules.SymbolSearch names) {
        var found = new IntList();
        boolean sorted = true;
        for (int i = 1; i < file.symbolCount(); i++) {
            if (file.symbolSection(i) == s && (SymbolName.starts(file.symbolNames(), file.symbolNameOffset(i), LABEL) || names.isValid(file.symbolName(i)))) {
                sorted &= found.isEmpty() || Long.compareUnsigned(file.symbolValue(found.get(found.size() - 1)), file.symbolValue(i)) <= 0;
                found.add(i);
            }
        }
        int[] labels = found.toArray();
        if (!sorted) {
            IntSort.sort(labels, (a, b) -> Long.compareUnsigned(file.symbolValue(a), file.symbolValue(b)));
        }
        int n = 0; // of labels at one address the first in the table counts
        for (int i = 0; i < labels.length; i++) {
            if (n == 0 || file.symbolValue(labels[n - 1]) != file.symbolValue(labels[i])) {
                labels[n++] = labels[i];
            }
        }
        return Arrays.copyOf(labels, n);
    }

    private void relocations(int r, int entry, int s, int[] labels) {
        if (file.size(r) % entry != 0) {
            throw file.bad(file.fileOffset(r), "relocation section " + file.sectionName(r) + " of " + file.size(r) + " bytes, want a multiple of " + entry);
        }
        int below = -1;
        long last = 0;
        for (long at = file.fileOffset(r), end = at + file.size(r); at < end; at += entry) {
            long place = file.is64() ? LE.i64(file.segment(), at) : LE.u32(file.segment(), at);
            int symbol = (int) (file.is64() ? LE.i64(file.segment(), at + 8) >>> 32 : LE.u32(file.segment(), at + 4) >>> 8);
            if (symbol < 0 || symbol >= file.symbolCount()) {
                throw file.bad(at + 8, "relocation names symbol " + Integer.toUnsignedString(symbol) + ", past the " + file.symbolCount() + " symbols");
            }
            if (Long.compareUnsigned(place, last) < 0) {
                below = -1; // assemblers write them in order
            }
            last = place;
            while (below + 1 < labels.length && Long.compareUnsigned(file.symbolValue(labels[below + 1]), place) <= 0) {
                below++;
            }
            record(s, place, below < 0 ? 0 : labels[below], symbol);
        }
    }

    private void record(int s, long place, int label, int symbol) {
        byte[] table = file.symbolNames();
        int at = label == 0 ? -1 : file.symbolNameOffset(label);
        var from = new End(file, s, place, label);
        if (at < 0 || !SymbolName.starts(table, at, LABEL)) {
            wrong("export-strange-label", module + ": .export_symbol section contains strange symbol '" + (at < 0 ? "" : name(at)) + "'", from, symbol);
            return;
        }
        int exported = at + LABEL.length;
        int length = SymbolName.length(table, at) - LABEL.length;
        int bind = Elf.bind(file.symbolInfo(symbol));
        if (bind != Elf.STB_GLOBAL && bind != Elf.STB_WEAK) {
            wrong("export-of-local-symbol", module + ": local symbol '" + text(exported, length) + "' was exported", from, symbol);
            return;
        }
        int target = file.symbolNameOffset(symbol);
        int targetLength = SymbolName.length(table, target);
        if (!Arrays.equals(table, exported, exported + length, table, target, target + targetLength)) {
            wrong("export-wrong-reference", module + ": .export_symbol section references '" + text(target, targetLength)
                    + "', but it does not seem to be an export symbol", from, symbol);
            return;
        }
        byte[] license = string(s, file.symbolValue(label));
        boolean gpl = Arrays.equals(license, LICENSE_GPL);
        if (license.length != 0 && !gpl) {
            wrong("export-unknown-license", module + ": unknown license '" + new String(license, StandardCharsets.UTF_8) + "' was specified for '"
                    + text(target, targetLength) + "'", from, symbol);
            return;
        }
        add(target, targetLength, gpl, label, symbol, string(s, file.symbolValue(label) + license.length + 1));
    }

    private void wrong(String rule, String message, End from, int symbol) {
        int section = file.symbolSection(symbol);
        violations.add(new Violation(rule, Finding.Severity.ERROR, message, from,
                new End(file, Math.max(0, section), section > 0 ? file.symbolValue(symbol) : 0, symbol)));
        violationRows.add(count());
    }

    private String name(int offset) {
        return text(offset, SymbolName.length(file.symbolNames(), offset));
    }

    private String text(int offset, int length) {
        return new String(file.symbolNames(), offset, length, StandardCharsets.UTF_8);
    }
}
