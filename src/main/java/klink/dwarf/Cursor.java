package klink.dwarf;

import java.nio.charset.StandardCharsets;
import klink.mem.Endian;
import klink.report.BadInput;

/// Reads a debug section field by field, never past `end`.
final class Cursor {
    private final DebugSection section;
    private final byte[] bytes;
    private final Endian endian;
    private int at;
    private int end;
    private boolean wide;

    Cursor(DebugSection section, int at) {
        this.section = section;
        bytes = section.bytes();
        endian = section.endian();
        end = bytes.length;
        this.at = 0;
        jump(at);
    }

    int at() {
        return at;
    }

    boolean atEnd() {
        return at >= end;
    }

    int left() {
        return end - at;
    }

    /// Goes on at an offset of the section.
    void jump(long offset) {
        if (offset < 0 || offset > end) {
            throw bad("offset 0x" + Long.toHexString(offset) + " is past the end (0x" + Integer.toHexString(end) + ")");
        }
        at = (int) offset;
    }

    void skip(long count) {
        need(count);
        at += (int) count;
    }

    /// Reads the length that units begin with (DWARF 5, 7.4), which tells whether offsets in the unit have 32 or 64
    /// bits, and reads no further than the unit from now on.
    ///
    /// @return where the unit ends
    int enterUnit() {
        long length = u32();
        wide = length == 0xffff_ffffL;
        if (wide) {
            length = u64();
        } else if (length >= 0xffff_fff0L) {
            throw bad("reserved unit length");
        }
        need(length);
        end = at + (int) length;
        return end;
    }

    /// Allows reading to the section's end again.
    void leaveUnit(int unitEnd) {
        end = bytes.length;
        at = unitEnd;
    }

    boolean isBig() {
        return endian.isBig();
    }

    boolean isWide() {
        return wide;
    }

    int u8() {
        need(1);
        return bytes[at++] & 0xff;
    }

    int u16() {
        need(2);
        at += 2;
        return endian.u16(bytes, at - 2);
    }

    long u32() {
        need(4);
        at += 4;
        return endian.u32(bytes, at - 4);
    }

    long u64() {
        need(8);
        at += 8;
        return endian.i64(bytes, at - 8);
    }

    /// A number of 1 to 8 bytes.
    long unsigned(int size) {
        if (size < 1 || size > 8) {
            throw bad("a number of " + size + " bytes");
        }
        need(size);
        long value = 0;
        for (int i = size - 1; i >= 0; i--) {
            value = value << 8 | bytes[endian.isBig() ? at + size - 1 - i : at + i] & 0xff;
        }
        at += size;
        return value;
    }

    /// An offset in a debug section: as wide as the unit's format.
    long offset() {
        return wide ? u64() : u32();
    }

    long uleb() {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            int b = u8();
            value |= shift < 64 ? (long) (b & 0x7f) << shift : 0;
            if (b < 0x80) {
                return value;
            }
        }
    }

    long sleb() {
        long value = 0;
        for (int shift = 0; ; ) {
            int b = u8();
            value |= shift < 64 ? (long) (b & 0x7f) << shift : 0;
            shift += 7;
            if (b < 0x80) {
                return shift < 64 && (b & 0x40) != 0 ? value | -1L << shift : value;
            }
        }
    }

    /// A number that is an index or a count: a larger one than 31 bits hold is damage.
    int index() {
        long value = uleb();
        if (value < 0 || value > Integer.MAX_VALUE) {
            throw bad("index " + Long.toUnsignedString(value));
        }
        return (int) value;
    }

    String string() {
        int start = at;
        while (u8() != 0) {
            // to the NUL
        }
        return new String(bytes, start, at - 1 - start, StandardCharsets.UTF_8);
    }

    void skipString() {
        while (u8() != 0) {
            // to the NUL
        }
    }

    /// The section that the address at an offset points into.
    int sectionAt(int offset) {
        return section.sectionAt(offset);
    }

    private void need(long count) {
        if (count < 0 || count > end - at) {
            throw bad("cut off");
        }
    }

    BadInput bad(String what) {
        return section.bad(at, what);
    }
}
