package klink.check;

import klink.input.ObjectFile;
import klink.resolve.Symbols;

/// The section that each symbol of the link is defined in, and what the rules say of it ([SectionClasses#to]).
/// Symbols that are undefined, absolute or made by the script are in none and break no rule.
final class SymbolClasses {
    private final Symbols symbols;
    private final SectionClasses sections;
    /// By global id.
    private final int[] globals;

    SymbolClasses(Symbols symbols, SectionClasses sections) {
        this.symbols = symbols;
        this.sections = sections;
        globals = new int[symbols.globalCount()];
        for (int g = 0; g < globals.length; g++) {
            int id = sectionOf(g);
            globals[g] = id < 0 ? 0 : sections.to[id];
        }
    }

    /// The section id of a global's prevailing definition, or -1.
    private int sectionOf(int g) {
        byte kind = symbols.kind(g);
        if (kind != Symbols.DEFINED && kind != Symbols.DEFINED_WEAK && !(kind == Symbols.SCRIPT && symbols.definedByObject(g))) {
            return -1;
        }
        int f = symbols.definingFile(g);
        int section = f < 0 ? 0 : symbols.file(f).symbolSection(symbols.definingSymbol(g));
        return section <= 0 ? -1 : symbols.firstSection(f) + section;
    }

    /// Fills `bits` for all symbols of file `f`; the OR of them is the result.
    int fill(int f, int[] bits) {
        ObjectFile file = symbols.file(f);
        int base = symbols.firstSection(f);
        int first = file.firstGlobal();
        int all = 0;
        for (int i = 0; i < first; i++) {
            int section = file.symbolSection(i);
            all |= bits[i] = section <= 0 ? 0 : sections.to[base + section];
        }
        for (int i = first; i < file.symbolCount(); i++) {
            all |= bits[i] = globals[symbols.global(f, i)];
        }
        return all;
    }

    /// Where symbol `i` of file `f` is defined: file index and symbol index there, packed; -1 if nowhere.
    long definition(int f, int i) {
        if (i < symbols.file(f).firstGlobal()) {
            return symbols.file(f).symbolSection(i) <= 0 ? -1 : (long) f << 32 | i;
        }
        int g = symbols.global(f, i);
        return sectionOf(g) < 0 ? -1 : (long) symbols.definingFile(g) << 32 | symbols.definingSymbol(g);
    }
}
