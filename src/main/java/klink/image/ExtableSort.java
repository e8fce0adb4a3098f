package klink.image;

import java.lang.foreign.MemorySegment;
import klink.mem.LE;
import klink.report.BadInput;

/// Orders the exception table, which the kernel searches by bisection when an access faults.
///
/// `__ex_table` pairs the address of an instruction that may fault with the address to go on at. Its
/// entries arrive in link order, by object, not by address. kbuild sorts the finished file with
/// scripts/sorttable; a kernel whose table is unsorted but whose `main_extable_sort_needed` is 0 turns
/// its first bad user pointer into a panic. A defconfig has 1,197 entries.
///
/// Equal keys keep their order: sorttable calls qsort, a merge sort in glibc for anything smaller than
/// a quarter of memory, hence stable. (With `--emit-relocs`, sorttable also zeroes the relocation section
/// of `__ex_table`, whose records no longer match; that section belongs to the writer of the image.)
public final class ExtableSort {
    /// How an architecture lays out an entry (sorttable.c, `do_file`).
    public enum Shape {
        /// s32 instruction, s32 continuation, each relative to its own field; 32 bits of type and data that
        /// do not move with the place. x86, arm64, riscv, s390.
        RELATIVE_WITH_DATA(3, true),
        /// s32 instruction, s32 continuation, each relative to its own field. powerpc.
        RELATIVE(2, true),
        /// Two 32-bit addresses. arm.
        ABSOLUTE_32(2, false);

        private final int words;
        private final boolean relative;

        Shape(int words, boolean relative) {
            this.words = words;
            this.relative = relative;
        }

        /// Bytes per entry.
        public int entrySize() {
            return words * Integer.BYTES;
        }
    }

    private ExtableSort() {}

    /// Sorts `table`, the bytes of `__ex_table`, in place. Relative entries need no address: what is
    /// compared is the distance from the start of the table.
    ///
    /// @param image the file the table belongs to, for messages
    public static void sort(MemorySegment table, Shape shape, String image) {
        long size = table.byteSize();
        if (size % shape.entrySize() != 0) {
            throw new BadInput(image, 0, "__ex_table: size " + size + " is not a multiple of its entry size " + shape.entrySize());
        }
        if (size > Integer.MAX_VALUE) {
            throw new BadInput(image, 0, "__ex_table: size " + size + " exceeds 2 GiB");
        }
        var words = new int[(int) (size / Integer.BYTES)];
        LE.ints(table, 0, words, 0, words.length);
        long[] keys = keys(words, shape);
        long[] sorted = SortedRuns.sort(keys);
        if (sorted == keys) {
            return;
        }
        int[] moved = move(words, sorted, shape);
        LE.putInts(table, 0, moved);
    }

    /// Clears `main_extable_sort_needed`, a u32, at `offset` of its section: the kernel then does not
    /// sort at boot. Only right once [#sort] has run.
    public static void clearSortNeeded(MemorySegment section, long offset, String image) {
        if (offset < 0 || offset > section.byteSize() - Integer.BYTES) {
            throw new BadInput(image, 0, "main_extable_sort_needed lies outside its section (offset " + offset + " of " + section.byteSize() + ")");
        }
        LE.putBytes(section, offset, new byte[Integer.BYTES]);
    }

    /// High half: the instruction's place; low half: the entry's index, so that equal places keep their
    /// order. Relative places wrap at 32 bits and compare signed, absolute ones compare unsigned.
    private static long[] keys(int[] words, Shape shape) {
        int step = shape.words;
        var keys = new long[words.length / step];
        if (shape.relative) {
            for (int i = 0; i < keys.length; i++) {
                int place = words[i * step] + i * step * Integer.BYTES;
                keys[i] = (long) place << 32 | i;
            }
        } else {
            for (int i = 0; i < keys.length; i++) {
                int place = words[i * step] ^ Integer.MIN_VALUE;
                keys[i] = (long) place << 32 | i;
            }
        }
        return keys;
    }

    private static int[] move(int[] words, long[] sorted, Shape shape) {
        int step = shape.words;
        var out = new int[words.length];
        for (int to = 0; to < sorted.length; to++) {
            int from = (int) sorted[to];
            int nearer = shape.relative ? (from - to) * step * Integer.BYTES : 0;
            out[to * step] = words[from * step] + nearer;
            out[to * step + 1] = words[from * step + 1] + nearer;
            if (step == 3) {
                out[to * step + 2] = words[from * step + 2];
            }
        }
        return out;
    }
}
