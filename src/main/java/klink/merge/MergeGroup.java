package klink.merge;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import klink.elf.Elf;
import klink.mem.IntList;
import klink.mem.LE;
import klink.par.Par;

/// The SHF_MERGE input sections of one output section that have the same flags, entry size and
/// alignment: their pieces (strings, or constants of the entry size) are kept once each.
///
/// As in GNU ld 2.40 (bfd/merge.c), kept pieces follow each other in the order they are first met, all
/// in the place of the group's first section; strings of loaded sections that end another string
/// share its tail. Debug strings share whole strings only: `.debug_str` of a debug kernel has millions
/// of pieces, and sorting them to find tails would cost more than the few percent it saves.
///
/// Pieces are identified by 128 bits of hash and by length; for loaded sections the bytes are
/// compared as well.
final class MergeGroup {
    private final Member[] members;
    private final boolean strings;
    private final boolean loaded;
    private final int entsize;
    private final long alignment;

    /// Kept pieces in output order: member, offset in it, length, output offset.
    private int[] keptMember;
    private int[] keptInput;
    private int[] keptLength;
    private int[] keptOutput;
    private int[] keptAlignment;
    private int keptCount;
    private long size;

    /// One input section: its bytes, and where each of its pieces begins there and in the output.
    static final class Member {
        final int section;
        final MemorySegment bytes;
        int[] input;
        int[] output;
        private long[] hashes;

        Member(int section, MemorySegment bytes) {
            this.section = section;
            this.bytes = bytes;
        }

        /// The piece that holds `offset`: the last that begins at or before it.
        int piece(long offset) {
            int lo = 0;
            int hi = input.length - 1;
            while (lo < hi) {
                int mid = lo + hi + 1 >>> 1;
                if (input[mid] <= offset) {
                    lo = mid;
                } else {
                    hi = mid - 1;
                }
            }
            return lo;
        }

        /// Where `offset` of the input section ended up in the group; an offset past the end keeps its
        /// distance from the last piece.
        long outputOf(long offset) {
            if (input.length == 0) {
                return 0;
            }
            int p = piece(offset);
            return output[p] + (offset - input[p]);
        }
    }

    MergeGroup(Member[] members, long flags, int entsize, long alignment) {
        this.members = members;
        this.entsize = entsize;
        this.alignment = Math.max(1, alignment);
        strings = (flags & Elf.SHF_STRINGS) != 0;
        loaded = (flags & Elf.SHF_ALLOC) != 0;
    }

    Member[] members() {
        return members;
    }

    /// Bytes of the group in the output.
    long size() {
        return size;
    }

    void merge(int threads) {
        Par.loop(members.length, threads, (i, _) -> split(members[i]));
        unify();
        assign();
        for (Member m : members) {
            m.hashes = null;
        }
    }

    private void split(Member m) {
        int length = (int) m.bytes.byteSize();
        var bytes = new byte[length + (strings ? entsize : 0)];
        LE.bytes(m.bytes, 0, bytes, 0, length);
        var starts = new IntList(length / (strings ? 24 : entsize) + 4);
        for (int at = 0; at < length; ) {
            starts.add(at);
            at = strings ? endOfString(bytes, at) : at + entsize;
        }
        m.input = starts.toArray();
        m.output = new int[m.input.length];
        m.hashes = new long[m.input.length * 2];
        for (int i = 0; i < m.input.length; i++) {
            int from = m.input[i];
            int to = i + 1 < m.input.length ? m.input[i + 1] : length;
            PieceHash.hash(bytes, from, to - from, m.hashes, 2 * i);
        }
    }

    private int endOfString(byte[] bytes, int at) {
        if (entsize == 1) {
            while (bytes[at] != 0) {
                at++;
            }
            return Math.min(at + 1, bytes.length - 1);
        }
        while (true) {
            boolean zero = true;
            for (int i = 0; i < entsize; i++) {
                zero &= bytes[at + i] == 0;
            }
            at += entsize;
            if (zero) {
                return Math.min(at, bytes.length - entsize);
            }
        }
    }

    /// Gives every piece the number of the kept piece that stands for it, in [Member#output] for now.
    private void unify() {
        int total = 0;
        for (Member m : members) {
            total = Math.addExact(total, m.input.length);
        }
        int slots = Integer.highestOneBit(Math.max(16, total)) * 2;
        var table = new int[slots];
        var hi = new long[Math.max(16, total / 4)];
        var lo = new long[hi.length];
        keptMember = new int[hi.length];
        keptInput = new int[hi.length];
        keptLength = new int[hi.length];
        keptAlignment = new int[hi.length];
        int mask = slots - 1;
        for (int mi = 0; mi < members.length; mi++) {
            Member m = members[mi];
            for (int p = 0; p < m.input.length; p++) {
                long h = m.hashes[2 * p];
                long l = m.hashes[2 * p + 1];
                int at = (int) (h >>> 20) & mask;
                int kept;
                while ((kept = table[at]) != 0 && (hi[kept - 1] != h || lo[kept - 1] != l || !same(kept - 1, m, p))) {
                    at = at + 1 & mask;
                }
                int align = pieceAlignment(m.input[p]);
                if (kept != 0 && keptAlignment[kept - 1] >= align) {
                    m.output[p] = kept - 1;
                    continue;
                }
                if (keptCount == hi.length) {
                    hi = Arrays.copyOf(hi, keptCount * 2);
                    lo = Arrays.copyOf(lo, keptCount * 2);
                    growKept();
                }
                int k = keptCount++;
                hi[k] = h;
                lo[k] = l;
                keptMember[k] = mi;
                keptInput[k] = m.input[p];
                keptLength[k] = length(m, p);
                keptAlignment[k] = align;
                if (kept != 0) {
                    keptAlignment[kept - 1] = 0; // the better aligned one stands for it
                    keptInput[kept - 1] = k;
                    hi[kept - 1] = 0;
                }
                table[at] = k + 1;
                m.output[p] = k;
            }
        }
    }

    private int pieceAlignment(int offset) {
        int lowest = offset & -offset;
        return lowest == 0 || lowest > alignment ? (int) alignment : lowest;
    }

    private int length(Member m, int p) {
        return (p + 1 < m.input.length ? m.input[p + 1] : (int) m.bytes.byteSize()) - m.input[p];
    }

    private boolean same(int kept, Member m, int p) {
        int length = length(m, p);
        if (keptLength[kept] != length) {
            return false;
        }
        if (!loaded) {
            return true;
        }
        MemorySegment other = members[keptMember[kept]].bytes;
        for (int i = 0; i < length; i++) {
            if (LE.u8(other, keptInput[kept] + i) != LE.u8(m.bytes, m.input[p] + i)) {
                return false;
            }
        }
        return true;
    }

    private void growKept() {
        int n = keptCount * 2;
        keptMember = Arrays.copyOf(keptMember, n);
        keptInput = Arrays.copyOf(keptInput, n);
        keptLength = Arrays.copyOf(keptLength, n);
        keptAlignment = Arrays.copyOf(keptAlignment, n);
    }

    private void assign() {
        keptOutput = new int[keptCount];
        int[] tailOf = strings && loaded ? new TailMerge(members, keptMember, keptInput, keptLength, keptAlignment, keptCount, entsize).run() : null;
        long at = 0;
        for (int k = 0; k < keptCount; k++) {
            if (keptAlignment[k] != 0 && (tailOf == null || tailOf[k] < 0)) {
                at = at + keptAlignment[k] - 1 & -keptAlignment[k];
                keptOutput[k] = Math.toIntExact(at);
                at += keptLength[k];
            }
        }
        for (int k = 0; tailOf != null && k < keptCount; k++) {
            if (keptAlignment[k] != 0 && tailOf[k] >= 0) {
                int whole = tailOf[k];
                keptOutput[k] = keptOutput[whole] + keptLength[whole] - keptLength[k];
            }
        }
        boolean padded = true;
        for (Member m : members) {
            padded &= (m.bytes.byteSize() & alignment - 1) == 0;
            for (int p = 0; p < m.output.length; p++) {
                int k = m.output[p];
                while (keptAlignment[k] == 0) {
                    k = keptInput[k];
                }
                m.output[p] = keptOutput[k];
            }
        }
        size = padded ? at + alignment - 1 & -alignment : at;
        compact(tailOf);
    }

    /// Drops pieces that are not written: replaced ones and tails.
    private void compact(int[] tailOf) {
        int n = 0;
        for (int k = 0; k < keptCount; k++) {
            if (keptAlignment[k] != 0 && (tailOf == null || tailOf[k] < 0)) {
                keptMember[n] = keptMember[k];
                keptInput[n] = keptInput[k];
                keptLength[n] = keptLength[k];
                keptOutput[n++] = keptOutput[k];
            }
        }
        keptCount = n;
        keptAlignment = null;
    }

    /// Writes the part `[from, from + length)` of the group to `out` at `at`, which is zero already.
    void write(long from, long length, MemorySegment out, long at) {
        int k = Arrays.binarySearch(keptOutput, 0, keptCount, (int) from);
        if (k < 0) {
            k = Math.max(0, -k - 2);
        }
        for (; k < keptCount && keptOutput[k] < from + length; k++) {
            long begin = Math.max(keptOutput[k], from);
            long end = Math.min((long) keptOutput[k] + keptLength[k], from + length);
            if (begin < end) {
                MemorySegment.copy(members[keptMember[k]].bytes, keptInput[k] + (begin - keptOutput[k]), out, at + (begin - from), end - begin);
            }
        }
    }
}
