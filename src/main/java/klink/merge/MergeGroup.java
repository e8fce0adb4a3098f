package klink.merge;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import klink.elf.Elf;
import klink.mem.IntList;
import klink.mem.LE;

/// The SHF_MERGE input sections of one output section that have the same flags, entry size and
/// alignment: their pieces (strings, or constants of the entry size) are kept once each.
///
/// As in GNU ld 2.40 (bfd/merge.c), a kept piece stays in the section that had it first, its *home*; a
/// string that ends another string shares its tail. Zero bytes that only pad to the next string are
/// dropped. Large groups of debug strings are cheaper: all
/// their pieces move to the group's first section, whole strings only. `.debug_str` of a debug kernel
/// has millions of pieces, and sorting them for tails would cost more than the few percent it saves.
///
/// Pieces are identified by 128 bits of hash; except in large groups length and bytes are compared as
/// well.
final class MergeGroup {
    private static final long LARGE = 1 << 20;

    private final Member[] members;
    private final boolean strings;
    private final boolean large;
    private final int entsize;
    private final long alignment;

    /// Kept pieces in output order: member, offset in it, length, output offset.
    private int[] keptMember;
    private int[] keptInput;
    private int[] keptLength;
    private int[] keptOutput;
    private int[] keptAlignment;
    private int keptCount;
    /// Where the empty string is, for references into padding: member and offset; member -1 if no piece is it.
    int emptyHome = -1;
    int emptyOutput;
    /// Per member: the first of its kept pieces; with one more entry at the end.
    private int[] firstKept;

    /// One input section: its bytes, and where each of its pieces begins there and in the output.
    static final class Member {
        final int section;
        final MemorySegment bytes;
        /// Where pieces begin in the input, rising; where they went: offsets in their home.
        int[] input;
        int[] output;
        /// The member that is each piece's home, and bytes of each piece without the padding after it; null
        /// in large groups: the group's first member, and everything up to the next piece.
        int[] home;
        int[] length;
        /// In large groups: the piece at every 64th byte, so that a look-up need not bisect.
        int[] index;
        /// Bytes in the output.
        long size;
        long[] hashes;
        /// The section's bytes on the heap while it is merged; kept for small groups, whose pieces are compared.
        byte[] heap;

        Member(int section, MemorySegment bytes) {
            this.section = section;
            this.bytes = bytes;
        }

        /// The piece that holds `offset`: the last that begins at or before it.
        int piece(long offset) {
            if (index != null && offset >= 0 && offset >> 6 < index.length) {
                int p = index[(int) (offset >> 6)];
                while (p + 1 < input.length && input[p + 1] <= offset) {
                    p++;
                }
                return p;
            }
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
    }

    MergeGroup(Member[] members, long flags, int entsize, long alignment) {
        this.members = members;
        this.entsize = entsize;
        this.alignment = Math.max(1, alignment);
        strings = (flags & Elf.SHF_STRINGS) != 0;
        long bytes = 0;
        for (Member m : members) {
            bytes += m.bytes.byteSize();
        }
        large = strings && this.alignment == 1 && (flags & Elf.SHF_ALLOC) == 0 && bytes > LARGE;
    }

    /// Where `offset` of member `m` went: the home's section id in the upper half, the offset there in the
    /// lower. GNU ld takes an offset into the padding after a string for an empty string.
    long locate(Member m, long offset) {
        int p = m.piece(offset);
        int home = m.home == null ? 0 : m.home[p];
        long there = m.output[p] + (offset - m.input[p]);
        if (m.length != null && offset - m.input[p] >= m.length[p] && offset < m.bytes.byteSize()) {
            home = emptyHome >= 0 ? emptyHome : home;
            there = emptyHome >= 0 ? emptyOutput : m.output[p] + m.length[p] - 1;
        }
        return (long) members[home].section << 32 | (int) there & 0xffff_ffffL;
    }

    /// Pieces before merging, known once all members are split.
    long pieceCount() {
        long n = 0;
        for (Member m : members) {
            n += m.input.length;
        }
        return n;
    }

    Member[] members() {
        return members;
    }

    /// The first half, member by member and in parallel: finds the pieces and hashes them.
    void split(int member) {
        split(members[member]);
    }

    /// The second half, after all members are split.
    void merge(int threads) {
        if (large) {
            var merge = new LargeMerge(members);
            merge.run(threads);
            keptMember = merge.keptMember;
            keptInput = merge.keptInput;
            keptLength = merge.keptLength;
            keptOutput = merge.keptOutput;
            keptCount = keptMember.length;
            firstKept = new int[members.length + 1];
            Arrays.fill(firstKept, 1, firstKept.length, keptCount);
            members[0].size = merge.size;
        } else {
            unify();
            assign();
        }
        for (Member m : members) {
            m.hashes = null;
        }
    }

    /// Whether merging it takes all threads, rather than one.
    boolean isLarge() {
        return large;
    }

    private void split(Member m) {
        int length = (int) m.bytes.byteSize();
        var bytes = new byte[length + (strings ? entsize : 0)];
        LE.bytes(m.bytes, 0, bytes, 0, length);
        m.heap = large ? null : bytes;
        var starts = new IntList(length / (strings ? 24 : entsize) + 4);
        var lengths = large ? null : new IntList(length / (strings ? 24 : entsize) + 4);
        boolean empty = false;
        for (int at = 0; at < length; ) {
            int end = strings ? endOfString(bytes, at) : at + entsize;
            starts.add(at);
            if (lengths != null) {
                lengths.add(end - at);
            }
            at = end;
            while (strings && !large && at < length && isZero(bytes, at)) {
                if (!empty && (at & alignment - 1) == 0) {
                    empty = true;
                    starts.add(at);
                    lengths.add(entsize);
                }
                at += entsize;
            }
        }
        m.input = starts.toArray();
        m.length = lengths == null ? null : lengths.toArray();
        m.index = large ? index(m.input, length) : null;
        m.output = new int[m.input.length];
        m.hashes = new long[m.input.length * 2];
        for (int i = 0; i < m.input.length; i++) {
            PieceHash.hash(bytes, m.input[i], length(m, i), m.hashes, 2 * i);
        }
    }

    private static int[] index(int[] input, int length) {
        var index = new int[(length >> 6) + 1];
        int p = 0;
        for (int i = 0; i < index.length; i++) {
            while (p + 1 < input.length && input[p + 1] <= i << 6) {
                p++;
            }
            index[i] = p;
        }
        return index;
    }

    private boolean isZero(byte[] bytes, int at) {
        for (int i = 0; i < entsize; i++) {
            if (bytes[at + i] != 0) {
                return false;
            }
        }
        return true;
    }

    private int endOfString(byte[] bytes, int at) {
        if (entsize == 1) {
            while (bytes[at] != 0) {
                at++;
            }
            return at + 1;
        }
        while (true) {
            boolean zero = true;
            for (int i = 0; i < entsize; i++) {
                zero &= bytes[at + i] == 0;
            }
            at += entsize;
            if (zero) {
                return at;
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
                }
                table[at] = k + 1;
                m.output[p] = k;
            }
        }
    }

    /// Constants need no more than their place among others of their size; a string keeps the alignment
    /// that its offset shows.
    private int pieceAlignment(int offset) {
        if (!strings) {
            return 1;
        }
        int lowest = offset & -offset;
        return lowest == 0 || lowest > alignment ? (int) alignment : lowest;
    }

    static int length(Member m, int p) {
        return m.length != null ? m.length[p] : (p + 1 < m.input.length ? m.input[p + 1] : (int) m.bytes.byteSize()) - m.input[p];
    }

    private boolean same(int kept, Member m, int p) {
        int length = length(m, p);
        if (keptLength[kept] != length) {
            return false;
        }
        byte[] other = members[keptMember[kept]].heap;
        return Arrays.equals(other, keptInput[kept], keptInput[kept] + length, m.heap, m.input[p], m.input[p] + length);
    }

    private void growKept() {
        int n = keptCount * 2;
        keptMember = Arrays.copyOf(keptMember, n);
        keptInput = Arrays.copyOf(keptInput, n);
        keptLength = Arrays.copyOf(keptLength, n);
        keptAlignment = Arrays.copyOf(keptAlignment, n);
    }

    /// Places the kept pieces, then tells every piece where its kept one is.
    private void assign() {
        keptOutput = new int[keptCount];
        int[] tailOf = strings ? new TailMerge(members, keptMember, keptInput, keptLength, keptAlignment, keptCount, entsize).run() : null;
        long at = 0;
        int member = -1;
        for (int k = 0; k < keptCount; k++) {
            if (keptAlignment[k] == 0 || tailOf != null && tailOf[k] >= 0) {
                continue;
            }
            int to = keptMember[k];
            if (to != member) {
                member = to;
                at = 0;
            }
            at = at + keptAlignment[k] - 1 & -keptAlignment[k];
            keptOutput[k] = Math.toIntExact(at);
            at += keptLength[k];
            members[to].size = at;
        }
        for (int k = 0; tailOf != null && k < keptCount; k++) {
            int whole = tailOf[k];
            if (keptAlignment[k] != 0 && whole >= 0) {
                keptOutput[k] = keptOutput[whole] + keptLength[whole] - keptLength[k];
            }
        }
        boolean padded = true;
        for (Member m : members) {
            padded &= (m.bytes.byteSize() & alignment - 1) == 0;
            m.home = new int[m.output.length];
            for (int p = 0; p < m.output.length; p++) {
                int k = m.output[p];
                while (keptAlignment[k] == 0) {
                    k = keptInput[k];
                }
                m.output[p] = keptOutput[k];
                m.home[p] = keptMember[tailOf != null && tailOf[k] >= 0 ? tailOf[k] : k];
                if (strings && m.length[p] == entsize && emptyHome < 0) {
                    emptyHome = m.home[p];
                    emptyOutput = m.output[p];
                }
            }
        }
        if (padded && member >= 0) {
            members[member].size = members[member].size + alignment - 1 & -alignment;
        }
        compact(tailOf);
    }

    /// Drops the pieces that are not written: tails, and those that a better aligned one replaced.
    private void compact(int[] tailOf) {
        firstKept = new int[members.length + 1];
        int n = 0;
        for (int k = 0; k < keptCount; k++) {
            if (keptAlignment[k] != 0 && (tailOf == null || tailOf[k] < 0)) {
                keptMember[n] = keptMember[k];
                keptInput[n] = keptInput[k];
                keptLength[n] = keptLength[k];
                keptOutput[n++] = keptOutput[k];
                firstKept[keptMember[k] + 1]++;
            }
        }
        for (int m = 0; m < members.length; m++) {
            firstKept[m + 1] += firstKept[m];
        }
        keptCount = n;
        keptAlignment = null;
    }

    /// Writes the part `[from, from + length)` of what member `m` is the home of to `out` at `at`, which is
    /// zero already.
    void write(int m, long from, long length, byte[] out, int at) {
        int last = firstKept[m + 1];
        int k = Arrays.binarySearch(keptOutput, firstKept[m], last, (int) from);
        if (k < 0) {
            k = Math.max(firstKept[m], -k - 2);
        }
        for (; k < last && keptOutput[k] < from + length; k++) {
            long begin = Math.max(keptOutput[k], from);
            long end = Math.min((long) keptOutput[k] + keptLength[k], from + length);
            long stored = members[keptMember[k]].bytes.byteSize() - keptInput[k]; // a last string may lack its NUL
            end = Math.min(end, keptOutput[k] + stored);
            if (begin < end) {
                Member source = members[keptMember[k]];
                int there = (int) (keptInput[k] + (begin - keptOutput[k]));
                int to = (int) (at + (begin - from));
                if (source.heap != null) {
                    System.arraycopy(source.heap, there, out, to, (int) (end - begin));
                } else {
                    LE.bytes(source.bytes, there, out, to, (int) (end - begin));
                }
            }
        }
    }
}
