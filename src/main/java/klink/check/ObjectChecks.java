package klink.check;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import klink.elf.Elf;
import klink.input.ObjectFile;
import klink.report.Finding.Severity;
import klink.resolve.Symbols;

/// What modpost says of objects without regard to references: common symbols, and sections of code or data that are not loaded
/// because somebody forgot their flags (scripts/mod/modpost.c, `handle_symbol` and `check_section`).
final class ObjectChecks {
    private ObjectChecks() {}

    static List<Violation> run(Symbols symbols, SectionClasses sections, String image) {
        var all = new ArrayList<Violation>();
        commons(symbols, all);
        var seen = new HashSet<String>();
        for (int f = 0; f < symbols.fileCount(); f++) {
            ObjectFile file = symbols.file(f);
            for (int i = 0; sections.unloaded[f] != null && i < sections.unloaded[f].size(); i++) {
                int s = sections.unloaded[f].get(i);
                if (seen.add(file.sectionName(s))) {
                    all.add(new Violation("non-allocatable-section", Severity.WARNING, image + " (" + file.sectionName(s)
                            + "): unexpected non-allocatable section.\nDid you forget to use \"ax\"/\"aw\" in a .S file?\n"
                            + "Note that for example <linux/init.h> contains\nsection definitions for use in .S files.\n",
                            new End(file, s, 0, 0), null));
                }
            }
        }
        return all;
    }

    /// Resolution may have given them a place already: then they are in a synthetic object's section, COMMON.
    private static void commons(Symbols symbols, List<Violation> all) {
        for (int g = 0; g < symbols.globalCount(); g++) {
            if (symbols.kind(g) == Symbols.COMMON) {
                common(symbols.file(symbols.definingFile(g)), 0, symbols.definingSymbol(g), all);
            }
        }
        for (int f = 0; f < symbols.fileCount(); f++) {
            ObjectFile file = symbols.file(f);
            if (file.isSynthetic() && file.sectionCount() > 1 && file.sectionName(1).equals("COMMON")) {
                for (int i = file.firstGlobal(); i < file.symbolCount(); i++) {
                    common(file, 1, i, all);
                }
            }
        }
    }

    private static void common(ObjectFile file, int section, int symbol, List<Violation> all) {
        String name = file.symbolName(symbol);
        if (!name.startsWith("__gnu_lto_")) {
            all.add(new Violation("common-symbol", Severity.WARNING, "\"" + Nearest.cut(name) + "\" [vmlinux] is COMMON symbol",
                    new End(file, section, 0, symbol), null));
        }
    }
}
