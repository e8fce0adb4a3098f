package klink.kallsyms;

/// Stable order of unsigned 64-bit addresses: a radix sort by 11-bit digits that skips the digits in
/// which all addresses agree. At most six passes over 100,000 kernel addresses, whose upper halves are
/// all ones or (percpu variables on x86) all zeros.
public final class AddressSort {
    private static final int DIGIT = 11;
    private static final int BUCKETS = 1 << DIGIT;
    /// An element of the sort: 32 bits of key over 24 bits of position.
    static final int POSITION_BITS = 24;
    static final int POSITION_MASK = (1 << POSITION_BITS) - 1;

    private AddressSort() {}

    /// The positions 0 .. n-1 ordered by `address[position]`, equal addresses by position.
    public static int[] order(long[] address, int n) {
        if (n > POSITION_MASK) {
            throw new IllegalArgumentException(n + " symbols; kallsyms numbers them with 24 bits");
        }
        var work = new long[n];
        var spare = new long[n];
        int low = 0;
        int high = 0;
        for (int i = 0; i < n; i++) {
            long a = address[i];
            low |= (int) a ^ (int) address[0];
            high |= (int) (a >>> 32) ^ (int) (address[0] >>> 32);
            work[i] = (a & 0xffff_ffffL) << POSITION_BITS | i;
        }
        var done = byDigits(work, spare, n, low);
        if (high != 0) {
            for (int i = 0; i < n; i++) {
                int position = (int) done[i] & POSITION_MASK;
                done[i] = address[position] >>> 32 << POSITION_BITS | position;
            }
            done = byDigits(done, done == work ? spare : work, n, high);
        }
        var order = new int[n];
        for (int i = 0; i < n; i++) {
            order[i] = (int) done[i] & POSITION_MASK;
        }
        return order;
    }

    /// Sorts elements, `key << 24 | position`, by their 32-bit unsigned keys, stably; returns the array,
    /// of the two, that holds the result.
    ///
    /// @param varying the key bits in which elements differ
    static long[] byDigits(long[] elements, long[] spare, int n, int varying) {
        long[] from = elements;
        long[] to = spare;
        for (int shift = 0; shift < 32; shift += DIGIT) {
            if ((varying >>> shift & BUCKETS - 1) != 0) {
                pass(from, to, n, shift + POSITION_BITS);
                long[] swap = from;
                from = to;
                to = swap;
            }
        }
        return from;
    }

    private static void pass(long[] from, long[] to, int n, int shift) {
        var at = new int[BUCKETS + 1];
        for (int i = 0; i < n; i++) {
            at[((int) (from[i] >>> shift) & BUCKETS - 1) + 1]++;
        }
        for (int b = 1; b < BUCKETS; b++) {
            at[b] += at[b - 1];
        }
        for (int i = 0; i < n; i++) {
            long e = from[i];
            to[at[(int) (e >>> shift) & BUCKETS - 1]++] = e;
        }
    }
}
