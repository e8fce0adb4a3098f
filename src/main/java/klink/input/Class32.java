package klink.input;

import java.lang.foreign.MemorySegment;
import klink.mem.LE;

/// ELFCLASS32 tables (gABI, "Section Header" and "Symbol Table") as the words that ELFCLASS64 has: the only
/// difference between the classes that [ObjectFile] shows.
final class Class32 {
    static final int EHDR_SIZE = 52;
    static final int SHDR_SIZE = 40;
    static final int SYM_SIZE = 16;
    static final int CHDR_SIZE = 12;

    private Class32() {}

    /// Entries that are turned at a time.
    private static final int BLOCK = 512;

    /// What turns the entry at `at` into words from `w` on.
    private interface Turn {
        void entry(byte[] block, int at, long[] to, int w);
    }

    /// @param count entries
    /// @param to    eight words each
    static void sections(MemorySegment seg, long from, long[] to, int count) {
        turn(seg, from, SHDR_SIZE, to, 8, count, Class32::section);
    }

    /// @param count entries
    /// @param to    three words each
    static void symbols(MemorySegment seg, long from, long[] to, int count) {
        turn(seg, from, SYM_SIZE, to, 3, count, Class32::symbol);
    }

    private static void turn(MemorySegment seg, long from, int size, long[] to, int words, int count, Turn turn) {
        var block = new byte[Math.min(BLOCK, count) * size];
        for (int done = 0; done < count; done += BLOCK) {
            int n = Math.min(BLOCK, count - done);
            LE.bytes(seg, from + (long) done * size, block, 0, n * size);
            for (int i = 0; i < n; i++) {
                turn.entry(block, i * size, to, (done + i) * words);
            }
        }
    }

    private static void section(byte[] block, int at, long[] to, int w) {
        to[w] = LE.i64(block, at); // sh_name and sh_type lie as in the other class
        to[w + 1] = LE.u32(block, at + 8);
        to[w + 2] = LE.u32(block, at + 12);
        to[w + 3] = LE.u32(block, at + 16);
        to[w + 4] = LE.u32(block, at + 20);
        to[w + 5] = LE.i64(block, at + 24); // sh_link, sh_info
        to[w + 6] = LE.u32(block, at + 32);
        to[w + 7] = LE.u32(block, at + 36);
    }

    private static void symbol(byte[] block, int at, long[] to, int w) {
        to[w] = LE.u32(block, at) | LE.u32(block, at + 12) << 32; // st_name; st_info, st_other, st_shndx
        to[w + 1] = LE.u32(block, at + 4);
        to[w + 2] = LE.u32(block, at + 8);
    }
}
