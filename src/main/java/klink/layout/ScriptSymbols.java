package klink.layout;

import java.util.Arrays;
import klink.resolve.Symbols;

/// Numbers the symbols that the script defines, from 0: some hundreds, among names of which a large kernel has millions. So what a
/// walk of the script finds out about them takes no table of all names.
final class ScriptSymbols {
    /// Open addressing: global ids, and -1 for a free place.
    private final int[] global;
    private final int[] number;
    private final int count;

    ScriptSymbols(Symbols symbols) {
        int n = 0;
        for (int g = 0; g < symbols.globalCount(); g++) {
            n += symbols.kind(g) == Symbols.SCRIPT ? 1 : 0;
        }
        global = new int[Integer.highestOneBit(Math.max(4, n)) << 2];
        number = new int[global.length];
        Arrays.fill(global, -1);
        count = n;
        n = 0;
        for (int g = 0; g < symbols.globalCount(); g++) {
            if (symbols.kind(g) == Symbols.SCRIPT) {
                int at = place(g);
                global[at] = g;
                number[at] = n++;
            }
        }
    }

    int count() {
        return count;
    }

    /// The number of a symbol that the script defines.
    int of(int g) {
        int at = place(g);
        if (global[at] < 0) {
            throw new IllegalArgumentException("symbol " + g + " is not one of the script's");
        }
        return number[at];
    }

    /// Where an id stands, or would stand.
    private int place(int g) {
        int at = g * 0x9e3779b9 >>> Integer.numberOfLeadingZeros(global.length - 1);
        while (global[at] >= 0 && global[at] != g) {
            at = at + 1 & global.length - 1;
        }
        return at;
    }
}
