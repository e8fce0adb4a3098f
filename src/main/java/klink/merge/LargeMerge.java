package klink.merge;

import java.util.Arrays;
import klink.par.Par;

/// Merges a large group of debug strings: `.debug_str` of a debug kernel is 160 MB in five million
/// pieces, of which one in six is kept. Whole strings only, all moved to the group's first section, in
/// the order of first appearance.
///
///     pieces of all members are numbered through: base[m] + p
///     first    per piece the number of its first equal; each thread takes the hashes of one residue,
///              and goes through all members in order, so that "first" does not depend on threads
///     place    kept pieces (their own first) get offsets, member by member after a prefix sum
///     output   every piece takes the offset of its first
final class LargeMerge {
    private final MergeGroup.Member[] members;
    private final int[] base;

    /// Kept pieces in output order.
    int[] keptMember;
    int[] keptInput;
    int[] keptLength;
    int[] keptOutput;
    long size;

    LargeMerge(MergeGroup.Member[] members) {
        this.members = members;
        base = new int[members.length + 1];
        for (int m = 0; m < members.length; m++) {
            base[m + 1] = Math.addExact(base[m], members[m].input.length);
        }
    }

    void run(int threads) {
        Par.loop(threads, threads, (residue, _) -> findFirst(residue, threads));
        var keptBefore = new int[members.length + 1];
        var bytesBefore = new long[members.length + 1];
        Par.loop(members.length, threads, (m, _) -> count(m, keptBefore, bytesBefore));
        for (int m = 0; m < members.length; m++) {
            keptBefore[m + 1] += keptBefore[m];
            bytesBefore[m + 1] += bytesBefore[m];
        }
        size = bytesBefore[members.length];
        Math.toIntExact(size);
        int kept = keptBefore[members.length];
        keptMember = new int[kept];
        keptInput = new int[kept];
        keptLength = new int[kept];
        keptOutput = new int[kept];
        var place = new int[base[members.length]];
        Par.loop(members.length, threads, (m, _) -> place(m, keptBefore[m], (int) bytesBefore[m], place));
        Par.loop(members.length, threads, (m, _) -> {
            int[] output = members[m].output;
            for (int p = 0; p < output.length; p++) {
                output[p] = place[output[p]];
            }
        });
    }

    private void findFirst(int residue, int of) {
        int expected = Math.max(1024, base[members.length] / of / 4);
        var table = new int[Integer.highestOneBit(expected) * 4];
        var hi = new long[expected];
        var lo = new long[expected];
        var piece = new int[expected];
        int n = 0;
        for (int m = 0; m < members.length; m++) {
            long[] hashes = members[m].hashes;
            int[] output = members[m].output;
            for (int p = 0; p < output.length; p++) {
                long h = hashes[2 * p];
                if (Integer.remainderUnsigned((int) (h >>> 52), of) != residue) {
                    continue;
                }
                long l = hashes[2 * p + 1];
                int mask = table.length - 1;
                int at = (int) h & mask;
                int k;
                while ((k = table[at]) != 0 && (hi[k - 1] != h || lo[k - 1] != l)) {
                    at = at + 1 & mask;
                }
                if (k != 0) {
                    output[p] = piece[k - 1];
                    continue;
                }
                if (n == hi.length) {
                    hi = Arrays.copyOf(hi, n * 2);
                    lo = Arrays.copyOf(lo, n * 2);
                    piece = Arrays.copyOf(piece, n * 2);
                }
                hi[n] = h;
                lo[n] = l;
                piece[n++] = base[m] + p;
                output[p] = base[m] + p;
                table[at] = n;
                if (n * 2 > table.length) {
                    table = grown(table.length * 2, hi, n);
                }
            }
        }
    }

    private static int[] grown(int slots, long[] hi, int n) {
        var table = new int[slots];
        for (int k = 0; k < n; k++) {
            int at = (int) hi[k] & slots - 1;
            while (table[at] != 0) {
                at = at + 1 & slots - 1;
            }
            table[at] = k + 1;
        }
        return table;
    }

    private void count(int m, int[] kept, long[] bytes) {
        MergeGroup.Member member = members[m];
        int n = 0;
        long size = 0;
        for (int p = 0; p < member.output.length; p++) {
            if (member.output[p] == base[m] + p) {
                n++;
                size += MergeGroup.length(member, p);
            }
        }
        kept[m + 1] = n;
        bytes[m + 1] = size;
    }

    private void place(int m, int k, int at, int[] place) {
        MergeGroup.Member member = members[m];
        for (int p = 0; p < member.output.length; p++) {
            if (member.output[p] == base[m] + p) {
                int length = MergeGroup.length(member, p);
                keptMember[k] = m;
                keptInput[k] = member.input[p];
                keptLength[k] = length;
                keptOutput[k++] = at;
                place[base[m] + p] = at;
                at += length;
            }
        }
    }
}
