package klink.image;

import java.lang.foreign.MemorySegment;
import klink.mem.LE;
import klink.report.BadInput;

/// Orders the list of ftrace call sites, `__start_mcount_loc` to `__stop_mcount_loc` in `.init.data`.
///
/// With BUILDTIME_MCOUNT_SORT the kernel trusts this order at boot and groups its records by it;
/// unsorted, ftrace patches wrong places. One pointer per traceable function, tens of thousands. The entries
/// are plain addresses compared unsigned (scripts/sorttable.h, `sort_mcount_loc`), so equal ones cannot
/// be told apart and stability does not matter.
public final class McountSort {
    private McountSort() {}

    /// Sorts `table`, exactly the bytes between the two symbols, in place.
    ///
    /// @param pointerSize 8, or 4 for 32-bit kernels
    /// @param image       the file the table belongs to, for messages
    public static void sort(MemorySegment table, int pointerSize, String image) {
        sort(table, pointerSize, null, image);
    }

    /// The same; what lies in none of the functions becomes 0 first, which the kernel skips.
    ///
    /// @param functions null: every entry stays
    static void sort(MemorySegment table, int pointerSize, FunctionRanges functions, String image) {
        long size = table.byteSize();
        if (size % pointerSize != 0 || size / pointerSize > Integer.MAX_VALUE / 2) {
            throw new BadInput(image, 0, "__start_mcount_loc..__stop_mcount_loc: bad size " + size);
        }
        int n = (int) (size / pointerSize);
        long[] keys = pointerSize == Long.BYTES ? wide(table, n) : narrow(table, n);
        boolean dropped = functions != null && drop(keys, pointerSize == Long.BYTES ? Long.MIN_VALUE : 0, functions);
        long[] sorted = SortedRuns.sort(keys);
        if (sorted == keys && !dropped) {
            return;
        }
        if (pointerSize == Long.BYTES) {
            for (int i = 0; i < n; i++) {
                sorted[i] ^= Long.MIN_VALUE;
            }
            LE.putLongs(table, 0, sorted, n);
        } else {
            var words = new int[n];
            for (int i = 0; i < n; i++) {
                words[i] = (int) sorted[i];
            }
            LE.putInts(table, 0, words);
        }
    }

    /// Clears the keys outside all functions; whether there were any.
    /// @param flip what addresses were xored with
    private static boolean drop(long[] keys, long flip, FunctionRanges functions) {
        boolean any = false;
        for (int i = 0; i < keys.length; i++) {
            if (!functions.contain(keys[i] ^ flip)) {
                any = true;
                keys[i] = flip;
            }
        }
        return any;
    }

    /// Flipping the sign bit makes unsigned order signed.
    private static long[] wide(MemorySegment table, int n) {
        var keys = new long[n];
        LE.longs(table, 0, keys, 0, n);
        for (int i = 0; i < n; i++) {
            keys[i] ^= Long.MIN_VALUE;
        }
        return keys;
    }

    private static long[] narrow(MemorySegment table, int n) {
        var words = new int[n];
        LE.ints(table, 0, words, 0, n);
        var keys = new long[n];
        for (int i = 0; i < n; i++) {
            keys[i] = words[i] & 0xffff_ffffL;
        }
        return keys;
    }
}
