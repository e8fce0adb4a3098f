package klink.check;

import klink.elf.Elf;
import klink.input.ObjectFile;
import klink.kernel.SectionRules;

/// Which symbol a place in a section belongs to, by the rules of modpost of that version (6.1 `find_elf_symbol`
/// and `find_elf_symbol2`, 6.12 symsearch.c), asked of the place's own object: in a merged `vmlinux.o` the nearest
/// symbol may be one of another object.
final class Nearest {
    private final SectionRules.SymbolSearch search;

    Nearest(SectionRules.SymbolSearch search) {
        this.search = search;
    }

    /// A name as modpost sees it: cut at its first dot if a number and nothing else follows up to the next one
    /// (`foo.12.constprop.0` is `foo`, `foo.constprop.0` stays).
    static String cut(String name) {
        int dot = name.indexOf('.');
        if (dot <= 0) {
            return name;
        }
        int end = dot + 1;
        while (end < name.length() && name.charAt(end) >= '0' && name.charAt(end) <= '9') {
            end++;
        }
        return end > dot + 1 && (end == name.length() || name.charAt(end) == '.') ? name.substring(0, dot) : name;
    }

    /// The symbol at or before `offset`, or 0.
    int before(ObjectFile file, int section, long offset) {
        int best = 0;
        long bestValue = 0;
        for (int i = 1; i < file.symbolCount(); i++) {
            if (file.symbolSection(i) != section) {
                continue;
            }
            long value = value(file, i);
            if (Long.compareUnsigned(value, offset) > 0 || best != 0 && Long.compareUnsigned(value, bestValue) < 0
                    || best != 0 && value == bestValue && !search.lastOfEqual() || !isValid(file, i)) {
                continue;
            }
            best = i;
            bestValue = value;
        }
        return best;
    }

    /// The symbol that a reference to `offset` means, or 0 if none is close.
    /// @param symbol what the relocation names
    int target(ObjectFile file, int symbol, long offset) {
        if (search.checksNamed() ? isValid(file, symbol) : file.symbolNames()[file.symbolNameOffset(symbol)] != 0) {
            return symbol;
        }
        int best = search.checksNamed() && file.symbolNames()[file.symbolNameOffset(symbol)] != 0 ? symbol : 0;
        int section = file.symbolSection(symbol);
        long distance = search.withinIncluded() ? search.within() + 1 : search.within();
        boolean above = false;
        for (int i = 1; i < file.symbolCount(); i++) {
            if (file.symbolSection(i) != section || Elf.type(file.symbolInfo(i)) == Elf.STT_SECTION || !isValid(file, i)) {
                continue;
            }
            long d = value(file, i) - offset;
            boolean isAbove = d > 0;
            long size = Math.abs(d);
            if (d == 0 && !search.belowWins()) {
                return i;
            }
            if (size < distance || search.belowWins() && size == distance && above && !isAbove) {
                distance = size;
                above = isAbove;
                best = i;
            }
        }
        return best;
    }

    /// st_value without the bit that tells a Thumb function, where this version leaves it out.
    private long value(ObjectFile file, int i) {
        long value = file.rawValue(i);
        return search.clearsThumbBit() && file.machine() == Elf.EM_ARM && Elf.type(file.symbolInfo(i)) == Elf.STT_FUNC ? value & -2 : value;
    }

    private boolean isValid(ObjectFile file, int i) {
        return search.isValid(cut(file.symbolName(i)));
    }
}
