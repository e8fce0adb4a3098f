package klink.input;

import java.lang.foreign.MemorySegment;
import klink.mem.Endian;

/// Turns the tables of an ELFCLASS32 file between a byte order and little-endian, in place: what klink reads and writes is little-endian inside.
/// Section headers, program headers and SHT_REL entries are made of 32-bit words alone ([Endian#words]).
public final class Tables32 {
    private static final int IDENT = 16;
    private static final int EHDR = 52;
    private static final int SYM = 16;

    private Tables32() {}

    /// The ELF header, but for e_ident, whose fields are bytes.
    public static void header(MemorySegment s, Endian endian) {
        endian.halves(s, IDENT, IDENT + 4); // e_type, e_machine
        endian.words(s, IDENT + 4, IDENT + 24);
        endian.halves(s, IDENT + 24, EHDR);
    }

    /// Symbols in `[from, to)`: three words, two bytes, and a section number.
    public static void symbols(MemorySegment s, long from, long to, Endian endian) {
        for (long at = from; at <= to - SYM; at += SYM) {
            endian.words(s, at, at + 12);
            endian.halves(s, at + 14, at + 16);
        }
    }
}
