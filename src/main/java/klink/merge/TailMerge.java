package klink.merge;

import klink.mem.IntSort;

/// Finds strings that are the tail of a longer one ("unused" is the tail of "is unused"), as GNU ld
/// does: strings are sorted by their reversed bytes, and each that begins its successor (so ends it,
/// unreversed) becomes part of it if the alignments allow.
///
/// The last eight bytes of each string are its sort key; only ties look at the bytes before.
final class TailMerge {
    private final MergeGroup.Member[] members;
    private final int[] member;
    private final int[] input;
    private final int[] length;
    private final int[] alignment;
    private final int count;
    private final int entsize;
    private final long[] key;

    TailMerge(MergeGroup.Member[] members, int[] member, int[] input, int[] length, int[] alignment, int count, int entsize) {
        this.members = members;
        this.member = member;
        this.input = input;
        this.length = length;
        this.alignment = alignment;
        this.count = count;
        this.entsize = entsize;
        key = new long[count];
    }

    /// For each kept string the one whose tail it is, or -1.
    int[] run() {
        var order = new int[count];
        int n = 0;
        int common = 0;
        for (int k = 0; k < count; k++) {
            if (alignment[k] != 0) {
                key[k] = key(k);
                order[n++] = k;
                common = common == 0 || common == alignment[k] ? alignment[k] : -1;
            }
        }
        boolean aligned = common > entsize;
        IntSort.sort(order, 0, n, aligned ? (a, b) -> compareAligned(a, b) : this::compare);
        var tailOf = new int[count];
        java.util.Arrays.fill(tailOf, -1);
        int whole = n == 0 ? 0 : order[n - 1];
        for (int i = n - 2; i >= 0; i--) {
            int k = order[i];
            if (alignment[whole] >= alignment[k] && (length[whole] - length[k] & alignment[k] - 1) == 0 && isTail(whole, k)) {
                tailOf[k] = whole;
            } else {
                whole = k;
            }
        }
        return tailOf;
    }

    /// The last eight bytes before the terminator, the last one in the top byte; short strings are
    /// filled up with zeros, so that a tie needs the full comparison.
    private long key(int k) {
        int n = length[k] - entsize;
        var bytes = members[member[k]].heap;
        int end = input[k] + n;
        long v = 0;
        for (int i = 1; i <= 8; i++) {
            v = v << 8 | (i <= n ? (bytes[end - i] & 0xff) : 0);
        }
        return v;
    }

    private int compareAligned(int a, int b) {
        int mask = alignment[a] - 1;
        int c = (length[a] - entsize & mask) - (length[b] - entsize & mask);
        return c != 0 ? c : compare(a, b);
    }

    private int compare(int a, int b) {
        int c = Long.compareUnsigned(key[a], key[b]);
        if (c != 0) {
            return c;
        }
        int n = length[a] - entsize;
        int m = length[b] - entsize;
        var x = members[member[a]].heap;
        var y = members[member[b]].heap;
        int xe = input[a] + n;
        int ye = input[b] + m;
        for (int i = Math.min(9, Math.min(n, m) + 1), end = Math.min(n, m); i <= end; i++) {
            c = (x[xe - i] & 0xff) - (y[ye - i] & 0xff);
            if (c != 0) {
                return c;
            }
        }
        return n - m;
    }

    private boolean isTail(int whole, int k) {
        int n = length[k];
        if (length[whole] <= n) {
            return false;
        }
        var x = members[member[whole]].heap;
        var y = members[member[k]].heap;
        int xe = input[whole] + length[whole];
        int ye = input[k] + n;
        for (int i = 1; i <= n; i++) {
            if ((x[xe - i] & 0xff) != (y[ye - i] & 0xff)) {
                return false;
            }
        }
        return true;
    }

}
