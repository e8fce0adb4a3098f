package klink.symvers;

import java.util.ArrayList;
import java.util.List;
import klink.input.ObjectFile;
import klink.mem.IntList;

/// Exports of an object that holds its own entries of the kernel's symbol table (6.1: include/linux/export.h,
/// include/asm-generic/export.h). Names and licenses come from labels `__ksymtab_X` and the names of their sections,
/// namespaces from the strings at `__kstrtabns_X`.
final class EntryScan extends FileExports {
    private static final byte[] ENTRY = SymbolName.ascii("__ksymtab_");
    private static final byte[] NAMESPACE = SymbolName.ascii("__kstrtabns_");
    private static final byte[] PLAIN = SymbolName.ascii("___ksymtab+");
    private static final byte[] GPL = SymbolName.ascii("___ksymtab_gpl+");
    private static final byte[] STRINGS = SymbolName.ascii("__ksymtab_strings");

    /// The row of the link's table that the first of these became.
    int firstRow;
    /// Rows before this come from local symbols: when objects are merged, they come before all that is global.
    int localRows;
    /// Three each: offset and length of a name that has a namespace, symbol index.
    final IntList named = new IntList(8);
    final List<byte[]> namedSpaces = new ArrayList<>();

    /// By section: what its symbols may be.
    private final byte[] kinds;
    private static final byte PLAIN_ENTRY = 1;
    private static final byte GPL_ENTRY = 2;
    private static final byte STRING = 3;

    private EntryScan(ObjectFile file, byte[] kinds) {
        super(file);
        this.kinds = kinds;
    }

    /// What the object exports; null if it has no section for any.
    static EntryScan of(ObjectFile file) {
        byte[] kinds = kinds(file);
        if (kinds == null) {
            return null;
        }
        var scan = new EntryScan(file, kinds);
        int globals = file.firstGlobal();
        for (int i = 1; i < globals; i++) {
            int section = file.symbolSection(i);
            if (section > 0 && kinds[section] != 0) {
                scan.symbol(i, kinds[section]);
            }
        }
        scan.localRows = scan.count();
        for (int i = globals; i < file.symbolCount(); i++) {
            int section = file.symbolSection(i);
            if (section > 0 && kinds[section] != 0) {
                scan.symbol(i, kinds[section]);
            }
        }
        return scan;
    }

    /// Of each section, whether it holds an entry or strings; null if none does. modpost would take a namespace from
    /// a string in any section, but include/linux/export.h knows one only.
    private static byte[] kinds(ObjectFile file) {
        byte[] table = file.sectionNames();
        byte[] kinds = null;
        for (int s = 1; s < file.sectionCount(); s++) {
            int at = file.nameOffset(s);
            if (table[at] != '_' || table[at + 1] != '_') {
                continue;
            }
            byte kind = SymbolName.starts(table, at, PLAIN) ? PLAIN_ENTRY : SymbolName.starts(table, at, GPL) ? GPL_ENTRY
                    : SymbolName.starts(table, at, STRINGS) ? STRING : 0;
            if (kind != 0) {
                kinds = kinds == null ? new byte[file.sectionCount()] : kinds;
                kinds[s] = kind;
            }
        }
        return kinds;
    }

    private void symbol(int i, byte kind) {
        byte[] table = file.symbolNames();
        int at = file.symbolNameOffset(i);
        byte[] prefix = kind == STRING ? NAMESPACE : ENTRY;
        if (!SymbolName.starts(table, at, prefix)) {
            return;
        }
        int length = SymbolName.length(table, at) - prefix.length;
        if (kind == STRING) {
            named.add(at + prefix.length);
            named.add(length);
            named.add(i);
            namedSpaces.add(string(file.symbolSection(i), file.symbolValue(i)));
        } else {
            add(at + prefix.length, length, kind == GPL_ENTRY, i, 0, NO_NAMESPACE);
        }
    }
}
