package klink.got;

import java.util.ArrayList;
import java.util.List;
import klink.resolve.NameTable;
import klink.resolve.Symbols;

/// The order in which GNU ld gives out slots of `.got`: that of its table of names (bfd/hash.c), from the first chain to the last.
/// An arm64 kernel has some ten slots, for what is weak and might not be there; in another order each load of
/// one would differ from kbuild's.
///
/// It depends on a hash of the name and on how large the table has grown, not on what was added when, but for two names of one
/// chain, which a kernel of 60,000 chains hardly has.
final class TableOrder {
    private static final int FIRST_SIZE = 4051;
    private static final int[] SIZES = {4093, 8191, 16381, 32749, 65537, 131071, 262139, 524287, 1048573, 2097143, 4194301, 8388593};

    private TableOrder() {}

    /// The keys, which are global ids in their low 32 bits, in that order.
    static List<Long> sorted(List<Long> keys, Symbols symbols) {
        int size = size(symbols.globalCount());
        var sorted = new ArrayList<>(keys);
        sorted.sort((a, b) -> Long.compareUnsigned(chain(symbols.names(), a.intValue(), size), chain(symbols.names(), b.intValue(), size)));
        return sorted;
    }

    /// It grows when three quarters full.
    private static int size(int names) {
        int size = FIRST_SIZE;
        for (int i = 0; i < SIZES.length && names > (long) size * 3 / 4; i++) {
            size = SIZES[i];
        }
        return size;
    }

    private static long chain(NameTable names, int g, int size) {
        byte[] in = names.table(g);
        int at = names.offset(g);
        int length = names.length(g);
        long hash = 0;
        for (int i = 0; i < length; i++) {
            hash = mixed(hash, in[at + i] & 0xff);
        }
        return Long.remainderUnsigned(mixed(hash, length), size);
    }

    private static long mixed(long hash, long c) {
        long h = hash + c + (c << 17);
        return h ^ h >>> 2;
    }
}
