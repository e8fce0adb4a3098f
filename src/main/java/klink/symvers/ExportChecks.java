package klink.symvers;

import java.util.ArrayList;
import java.util.List;
import klink.check.End;
import klink.check.Violation;
import klink.elf.Elf;
import klink.input.ObjectFile;
import klink.kernel.NamePattern;
import klink.report.Finding;
import klink.resolve.NameTable;
import klink.resolve.Symbols;

/// What can be said of exports once it is known where each exported symbol is defined.
public final class ExportChecks {
    private static final NamePattern INIT = new NamePattern(".init.*");
    private static final NamePattern EXIT = new NamePattern(".exit.*");

    private ExportChecks() {}

    /// Exports of code or data that is freed after boot, in 6.12's words. Where exports are entries (6.1), their references are
    /// checked like all others, as section mismatches.
    public static List<Violation> freed(Exports exports, Symbols symbols) {
        var violations = new ArrayList<Violation>();
        if (!exports.form().makesEntries()) {
            return violations;
        }
        for (int i = 0; i < exports.count(); i++) {
            int g = global(exports, i, symbols);
            if (g < 0) {
                continue;
            }
            int f = symbols.definingFile(g);
            ObjectFile file = symbols.file(f);
            int ndx = symbols.definingSymbol(g);
            int section = file.symbolSection(ndx);
            if (section <= 0 || file.sectionNames()[file.nameOffset(section) + 1] != 'i' && file.sectionNames()[file.nameOffset(section) + 1] != 'e') {
                continue;
            }
            String name = file.sectionName(section);
            boolean init = INIT.matches(name);
            if (init || EXIT.matches(name)) {
                String kind = init ? "init" : "exit";
                violations.add(new Violation("export-of-" + kind + "-symbol", Finding.Severity.WARNING, exports.module() + ": " + exports.name(i)
                        + ": EXPORT_SYMBOL used for " + kind + " symbol. Remove __" + kind + " or EXPORT_SYMBOL.", exports.end(i),
                        new End(file, section, file.symbolValue(ndx), ndx)));
            }
        }
        return violations;
    }

    /// Whether a function is exported, not data: some machines refer to the two differently.
    static boolean isFunction(Exports exports, int i, Symbols symbols) {
        int g = global(exports, i, symbols);
        if (g < 0) {
            return Elf.type(exports.file(i).symbolInfo(exports.target(i))) == Elf.STT_FUNC;
        }
        return Elf.type(symbols.file(symbols.definingFile(g)).symbolInfo(symbols.definingSymbol(g))) == Elf.STT_FUNC;
    }

    /// The global that an export refers to, if an object defines it.
    private static int global(Exports exports, int i, Symbols symbols) {
        byte[] table = exports.file(i).symbolNames();
        int offset = exports.file(i).symbolNameOffset(exports.target(i));
        int length = NameTable.length(table, offset);
        int g = symbols.names().find(table, offset, length, NameTable.hash(table, offset, length));
        return g < 0 || symbols.definingFile(g) < 0 || symbols.kind(g) < Symbols.COMMON || symbols.kind(g) > Symbols.DEFINED ? -1 : g;
    }
}
