package klink.mem;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Little-endian access to mapped files, native buffers and heap arrays, at any alignment.
///
/// Files of all targets but one are little-endian, and the tables of those that are not (arm, [Endian]) are made so as they are
/// read, so that the order is a constant where it matters for speed. Segments and heap arrays have separate methods on purpose: a hot method that sees both
/// kinds of memory segment loses its type profile and with it the intrinsic access.
///
/// Offsets are bytes. Nothing here checks more than the segment itself does; code that walks a table
/// checks the table's bounds once, where it opens it.
public final class LE {
    public static final ValueLayout.OfShort U16 = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    public static final ValueLayout.OfInt U32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    public static final ValueLayout.OfLong U64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private static final VarHandle SHORTS = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    /// A copy that need not look at the layout of elements: java's other one generates code when first used, which takes 15 ms.
    private static final boolean IS_NATIVE = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;

    private LE() {}

    public static int u8(MemorySegment s, long offset) {
        return s.get(ValueLayout.JAVA_BYTE, offset) & 0xff;
    }

    public static int u16(MemorySegment s, long offset) {
        return s.get(U16, offset) & 0xffff;
    }

    /// 32 bits, as a signed int; callers that want the unsigned value use [#u32].
    public static int i32(MemorySegment s, long offset) {
        return s.get(U32, offset);
    }

    public static long u32(MemorySegment s, long offset) {
        return s.get(U32, offset) & 0xffff_ffffL;
    }

    public static long i64(MemorySegment s, long offset) {
        return s.get(U64, offset);
    }

    public static void put8(MemorySegment s, long offset, int value) {
        s.set(ValueLayout.JAVA_BYTE, offset, (byte) value);
    }

    public static void put16(MemorySegment s, long offset, int value) {
        s.set(U16, offset, (short) value);
    }

    public static void put32(MemorySegment s, long offset, int value) {
        s.set(U32, offset, value);
    }

    public static void put64(MemorySegment s, long offset, long value) {
        s.set(U64, offset, value);
    }

    public static int u16(byte[] a, int offset) {
        return (short) SHORTS.get(a, offset) & 0xffff;
    }

    public static int i32(byte[] a, int offset) {
        return (int) INTS.get(a, offset);
    }

    public static long u32(byte[] a, int offset) {
        return (int) INTS.get(a, offset) & 0xffff_ffffL;
    }

    public static long i64(byte[] a, int offset) {
        return (long) LONGS.get(a, offset);
    }

    public static void put16(byte[] a, int offset, int value) {
        SHORTS.set(a, offset, (short) value);
    }

    public static void put32(byte[] a, int offset, int value) {
        INTS.set(a, offset, value);
    }

    public static void put64(byte[] a, int offset, long value) {
        LONGS.set(a, offset, value);
    }

    /// Copies `count` 32-bit words at `offset` into a heap array, one bulk operation.
    public static void ints(MemorySegment s, long offset, int[] to, int toIndex, int count) {
        if (IS_NATIVE) {
            MemorySegment.copy(s, offset, MemorySegment.ofArray(to), (long) Integer.BYTES * toIndex, (long) Integer.BYTES * count);
        } else {
            MemorySegment.copy(s, U32, offset, to, toIndex, count);
        }
    }

    /// Copies a heap array of 32-bit words to `offset`, one bulk operation.
    public static void putInts(MemorySegment s, long offset, int[] words) {
        if (IS_NATIVE) {
            MemorySegment.copy(MemorySegment.ofArray(words), 0, s, offset, (long) Integer.BYTES * words.length);
        } else {
            MemorySegment.copy(words, 0, s, U32, offset, words.length);
        }
    }

    /// Copies `count` 64-bit words at `offset` into a heap array, one bulk operation.
    public static void longs(MemorySegment s, long offset, long[] to, int toIndex, int count) {
        if (IS_NATIVE) {
            MemorySegment.copy(s, offset, MemorySegment.ofArray(to), (long) Long.BYTES * toIndex, (long) Long.BYTES * count);
        } else {
            MemorySegment.copy(s, U64, offset, to, toIndex, count);
        }
    }

    /// Copies the first `count` 64-bit words of a heap array to `offset`, one bulk operation.
    public static void putLongs(MemorySegment s, long offset, long[] words, int count) {
        if (IS_NATIVE) {
            MemorySegment.copy(MemorySegment.ofArray(words), 0, s, offset, (long) Long.BYTES * count);
        } else {
            MemorySegment.copy(words, 0, s, U64, offset, count);
        }
    }

    /// Copies bytes at `offset` into a heap array, one bulk operation.
    public static void bytes(MemorySegment s, long offset, byte[] to, int toIndex, int count) {
        MemorySegment.copy(s, offset, MemorySegment.ofArray(to), toIndex, count);
    }

    /// Copies a heap array to `offset`, one bulk operation.
    public static void putBytes(MemorySegment s, long offset, byte[] bytes) {
        MemorySegment.copy(MemorySegment.ofArray(bytes), 0, s, offset, bytes.length);
    }
}
