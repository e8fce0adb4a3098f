package klink.resolve;

/// The order in which GNU ld goes through its tables of names (bfd/hash.c): from the first chain to the last. Slots of `.got` are given out so, and
/// powerpc's veneers stand so; in another order each load and each call of them would differ from kbuild's.
///
/// It depends on a hash of the name and on how large the table has grown, not on what was added when, but for two names of one
/// chain.
public final class ChainOrder {
    private static final int FIRST_SIZE = 4051;
    private static final int[] SIZES = {4093, 8191, 16381, 32749, 65537, 131071, 262139, 524287, 1048573, 2097143, 4194301, 8388593};

    private ChainOrder() {}

    /// Chains of a table with so many names. It grows when three quarters full.
    public static int size(int names) {
        int size = FIRST_SIZE;
        for (int i = 0; i < SIZES.length && names > (long) size * 3 / 4; i++) {
            size = SIZES[i];
        }
        return size;
    }

    /// The chain of a name: `length` bytes of `in` from `at` on.
    public static long chain(byte[] in, int at, int length, int size) {
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
