package klink.image;

import java.util.Arrays;
import klink.elf.Elf;
import klink.input.ObjectFile;
import klink.layout.Addresses;
import klink.mem.LongList;
import klink.merge.MergedSections;
import klink.place.Placement;
import klink.resolve.Symbols;

/// Which addresses lie in a function: 50,000 ranges in a defconfig kernel.
///
/// A weak function that another definition replaced leaves its code in the image but no symbol, and its ftrace call
/// site would be taken for one of the function before it. From 6.12 on, scripts/sorttable.c asks `nm -S` for all functions
/// (letters `t`, `T`, `W`) and drops call sites that are in none.
final class FunctionRanges {
    private static final FunctionRanges NONE = new FunctionRanges(new long[0], new long[0]);

    /// Starts in rising order, the sign bit flipped.
    private final long[] starts;
    /// The furthest end of all functions up to each start.
    private final long[] ends;

    private FunctionRanges(long[] starts, long[] ends) {
        this.starts = starts;
        this.ends = ends;
    }

    static FunctionRanges of(Symbols symbols, Placement place, MergedSections merged, Addresses at) {
        var start = new LongList();
        var size = new LongList();
        for (int f = 0; f < symbols.fileCount(); f++) {
            ObjectFile file = symbols.file(f);
            for (int i = 1; i < file.symbolCount(); i++) {
                int section = file.symbolSection(i);
                if (section <= 0 || file.symbolSize(i) == 0 || Elf.type(file.symbolInfo(i)) == Elf.STT_SECTION || !prevails(symbols, f, i)) {
                    continue;
                }
                int out = place.outputOf(symbols.firstSection(f) + section);
                if (out >= 0 && (at.flags(out) & Elf.SHF_EXECINSTR) != 0) {
                    start.add(at.symbolAddress(f, i, merged));
                    size.add(file.symbolSize(i));
                }
            }
        }
        return of(start.toArray(), size.toArray());
    }

    private static boolean prevails(Symbols symbols, int f, int ndx) {
        if (ndx < symbols.file(f).firstGlobal()) {
            return true;
        }
        int g = symbols.global(f, ndx);
        return symbols.definingFile(g) == f && symbols.definingSymbol(g) == ndx;
    }

    /// @param start addresses in any order
    /// @param size  bytes of each
    static FunctionRanges of(long[] start, long[] size) {
        int n = start.length;
        if (n == 0) {
            return NONE;
        }
        var starts = new long[n];
        for (int i = 0; i < n; i++) {
            starts[i] = start[i] ^ Long.MIN_VALUE;
        }
        Arrays.sort(starts);
        var ends = new long[n];
        Arrays.fill(ends, Long.MIN_VALUE);
        for (int i = 0; i < n; i++) {
            int k = Arrays.binarySearch(starts, start[i] ^ Long.MIN_VALUE);
            ends[k] = Math.max(ends[k], start[i] + size[i] ^ Long.MIN_VALUE);
        }
        for (int i = 1; i < n; i++) {
            ends[i] = Math.max(ends[i], ends[i - 1]);
        }
        return new FunctionRanges(starts, ends);
    }

    boolean contain(long address) {
        long key = address ^ Long.MIN_VALUE;
        int k = Arrays.binarySearch(starts, key);
        k = k >= 0 ? lastOf(k) : -k - 2;
        return k >= 0 && key < ends[k];
    }

    private int lastOf(int k) {
        while (k + 1 < starts.length && starts[k + 1] == starts[k]) {
            k++;
        }
        return k;
    }
}
