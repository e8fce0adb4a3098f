package klink.image;

import java.lang.foreign.MemorySegment;
import klink.mem.LE;
import klink.report.BadInput;

/// Orders the ORC unwind tables: `.orc_unwind_ip`, one self-relative s32 per entry, and in step with it
/// `.orc_unwind`, how to find the caller's frame from there. The unwinder bisects them and does not check
/// their order. The largest tables sorted in a link: 436,906 entries and 4.4 MB for a defconfig.
///
/// **Ties.** Where one object's text ends and the next begins, the *terminator* of the first (an entry that
/// says "nothing known from here") has the address of the second's first entry, and must come before it.
/// The comparison of sorttable.h (`orc_sort_cmp`) puts terminators first and calls two of them equal, but
/// says "greater" for any other pair, whichever way round. glibc's qsort merges, and takes from the right
/// half on "greater"; so with equal addresses terminators come first in their order, then the others in
/// *reverse* order, however the merge happened to split. That is what is made here.
public final class OrcSort {
    /// The fields of an ORC entry that matter for its order. An entry is a terminator if the bits
    /// `liveMask` of the 16 flag bits at `flagsOffset` are all zero.
    public record Shape(int entrySize, int flagsOffset, int liveMask) {
        /// x86 up to 6.2 (arch/x86/include/asm/orc_types.h): sp_reg is bits 0..3, end is bit 10.
        public static final Shape X86_SP_REG_END = new Shape(6, 4, 0x040f);
        /// x86 from 6.4, so 6.6 and 6.12: type is bits 8..10 and 0 means undefined.
        public static final Shape X86_TYPE = new Shape(6, 4, 0x0700);

        public Shape {
            if (entrySize < 2 || flagsOffset < 0 || flagsOffset > entrySize - 2) {
                throw new IllegalArgumentException("flags outside the entry");
            }
        }
    }

    /// Entries are numbered in 29 bits of a key, beside 34 bits of address and the tie bit.
    private static final int INDEX_BITS = 29;
    private static final int INDEX_MASK = (1 << INDEX_BITS) - 1;
    private static final int LIVE = 1 << INDEX_BITS;

    private OrcSort() {}

    /// Sorts both tables in place. No address is needed: what is compared is the distance from the
    /// start of `.orc_unwind_ip`.
    ///
    /// @param image the file the tables belong to, for messages
    public static void sort(MemorySegment ipTable, MemorySegment table, Shape shape, String image) {
        int n = entries(ipTable, table, shape, image);
        var ips = new int[n];
        LE.ints(ipTable, 0, ips, 0, n);
        var entries = new byte[n * shape.entrySize()];
        LE.bytes(table, 0, entries, 0, entries.length);
        long[] keys = keys(ips, entries, shape);
        long[] sorted = SortedRuns.sort(keys);
        if (sorted == keys) {
            return;
        }
        var movedIps = new int[n];
        var moved = new byte[entries.length];
        move(ips, entries, sorted, shape.entrySize(), movedIps, moved);
        LE.putInts(ipTable, 0, movedIps);
        LE.putBytes(table, 0, moved);
    }

    private static int entries(MemorySegment ipTable, MemorySegment table, Shape shape, String image) {
        long n = ipTable.byteSize() / Integer.BYTES;
        if (ipTable.byteSize() % Integer.BYTES != 0 || table.byteSize() != n * shape.entrySize()) {
            throw new BadInput(image, 0, "inconsistent ORC unwind tables: .orc_unwind_ip has " + ipTable.byteSize()
                    + " bytes, .orc_unwind " + table.byteSize());
        }
        if (n > INDEX_MASK || table.byteSize() > Integer.MAX_VALUE - 8) {
            throw new BadInput(image, 0, "ORC unwind tables with " + n + " entries are beyond what can be sorted");
        }
        return (int) n;
    }

    /// Address, then terminators before the rest, then the index: rising for terminators, falling for
    /// the rest (see the class comment).
    private static long[] keys(int[] ips, byte[] entries, Shape shape) {
        int size = shape.entrySize();
        int low = shape.liveMask() & 0xff; // bytes, not LE: this loop runs mostly before it is compiled
        int high = shape.liveMask() >> 8;
        var keys = new long[ips.length];
        for (int i = 0, flags = shape.flagsOffset(); i < ips.length; i++, flags += size) {
            long place = ips[i] + (long) i * Integer.BYTES;
            boolean live = (entries[flags] & low | entries[flags + 1] & high) != 0;
            keys[i] = place << INDEX_BITS + 1 | (live ? LIVE | INDEX_MASK - i : i);
        }
        return keys;
    }

    private static int index(long key) {
        int i = (int) key & INDEX_MASK;
        return ((int) key & LIVE) != 0 ? INDEX_MASK - i : i;
    }

    /// Moves whole blocks, as long as neighbours stay neighbours: one bulk copy for some hundred entries.
    private static void move(int[] ips, byte[] entries, long[] sorted, int size, int[] ipsOut, byte[] out) {
        int to = 0;
        while (to < sorted.length) {
            int from = index(sorted[to]);
            int nearer = (from - to) * Integer.BYTES;
            int start = to;
            do {
                ipsOut[to] = ips[from] + nearer;
                to++;
                from++;
            } while (to < sorted.length && index(sorted[to]) == from);
            int count = to - start;
            System.arraycopy(entries, (from - count) * size, out, start * size, count * size);
        }
    }
}
