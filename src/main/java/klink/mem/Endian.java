package klink.mem;

import java.lang.foreign.MemorySegment;

/// The order of the bytes in the words of sections. Tables of ELF itself are little-endian inside klink, whatever a file has ([LE]); contents stay as
/// they are, so what reads or makes words of them asks the object that they are from, or the machine that they are for. Not for hot loops over
/// little-endian contents, which use [LE].
public enum Endian {
    LITTLE,
    BIG;

    public boolean isBig() {
        return this == BIG;
    }

    /// A word as it was read little-endian, in this order.
    public int of(int word) {
        return this == BIG ? Integer.reverseBytes(word) : word;
    }

    public int i32(MemorySegment s, long offset) {
        return of(LE.i32(s, offset));
    }

    public long u32(MemorySegment s, long offset) {
        return of(LE.i32(s, offset)) & 0xffff_ffffL;
    }

    public int u16(MemorySegment s, long offset) {
        int half = LE.u16(s, offset);
        return this == BIG ? half >>> 8 | (half & 0xff) << 8 : half;
    }

    public long i64(MemorySegment s, long offset) {
        return this == BIG ? Long.reverseBytes(LE.i64(s, offset)) : LE.i64(s, offset);
    }

    public int u16(byte[] a, int offset) {
        int half = LE.u16(a, offset);
        return this == BIG ? half >>> 8 | (half & 0xff) << 8 : half;
    }

    public int i32(byte[] a, int offset) {
        return of(LE.i32(a, offset));
    }

    public long u32(byte[] a, int offset) {
        return of(LE.i32(a, offset)) & 0xffff_ffffL;
    }

    public long i64(byte[] a, int offset) {
        return this == BIG ? Long.reverseBytes(LE.i64(a, offset)) : LE.i64(a, offset);
    }

    public void put16(byte[] a, int offset, int value) {
        LE.put16(a, offset, this == BIG ? value >>> 8 & 0xff | value << 8 : value);
    }

    public void put32(byte[] a, int offset, int value) {
        LE.put32(a, offset, of(value));
    }

    public void put64(byte[] a, int offset, long value) {
        LE.put64(a, offset, this == BIG ? Long.reverseBytes(value) : value);
    }

    /// Turns the bytes of every 32-bit word in `[from, to)` between this order and little-endian.
    public void words(MemorySegment s, long from, long to) {
        if (this == BIG) {
            for (long at = from; at <= to - 4; at += 4) {
                SegmentLE.put32(s, at, Integer.reverseBytes(SegmentLE.i32(s, at)));
            }
        }
    }

    /// The same of every 16-bit word.
    public void halves(MemorySegment s, long from, long to) {
        if (this == BIG) {
            for (long at = from; at <= to - 2; at += 2) {
                SegmentLE.put16(s, at, Short.reverseBytes((short) SegmentLE.u16(s, at)));
            }
        }
    }
}
