package klink.mem;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Little-endian access to mapped files, native buffers and heap arrays, at any alignment.
///
/// Files of all targets but one are little-endian, and the tables of those that are not (arm, [Endian]) are made so as they are
/// read, so that the order is a constant where it matters for speed. Nothing here uses a layout of java.lang.foreign: with the first one java makes classes,
/// which no AOT cache keeps ([SegmentLE]).
///
/// Offsets are bytes. Nothing here checks more than the segment itself does; code that walks a table
/// checks the table's bounds once, where it opens it.
public final class LE {
    private static final VarHandle SHORTS = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    /// A copy that need not look at the layout of elements: java's other one generates code when first used, which takes 15 ms.
    private static final boolean IS_NATIVE = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;

    private LE() {}

    /// One number of a mapped file. What reads many of them copies a block into an array.
    public static int u8(MemorySegment s, long offset) {
        return copy(s, offset, 1)[0] & 0xff;
    }

    public static int u16(MemorySegment s, long offset) {
        return u16(copy(s, offset, 2), 0);
    }

    /// 32 bits, as a signed int; callers that want the unsigned value use [#u32].
    public static int i32(MemorySegment s, long offset) {
        return i32(copy(s, offset, 4), 0);
    }

    public static long u32(MemorySegment s, long offset) {
        return i32(copy(s, offset, 4), 0) & 0xffff_ffffL;
    }

    public static long i64(MemorySegment s, long offset) {
        return i64(copy(s, offset, 8), 0);
    }

    /// `count` bytes at `offset`.
    public static byte[] copy(MemorySegment s, long offset, int count) {
        var bytes = new byte[count];
        MemorySegment.copy(s, offset, MemorySegment.ofArray(bytes), 0, count);
        return bytes;
    }

    /// All bytes of a segment.
    public static byte[] all(MemorySegment s) {
        return copy(s, 0, Math.toIntExact(s.byteSize()));
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

    public static void put8(byte[] a, int offset, int value) {
        a[offset] = (byte) value;
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
            MemorySegment.copy(s, SegmentLE.U32, offset, to, toIndex, count);
        }
    }

    /// Copies a heap array of 32-bit words to `offset`, one bulk operation.
    public static void putInts(MemorySegment s, long offset, int[] words) {
        if (IS_NATIVE) {
            MemorySegment.copy(MemorySegment.ofArray(words), 0, s, offset, (long) Integer.BYTES * words.length);
        } else {
            MemorySegment.copy(words, 0, s, SegmentLE.U32, offset, words.length);
        }
    }

    /// Copies `count` 64-bit words at `offset` into a heap array, one bulk operation.
    public static void longs(MemorySegment s, long offset, long[] to, int toIndex, int count) {
        if (IS_NATIVE) {
            MemorySegment.copy(s, offset, MemorySegment.ofArray(to), (long) Long.BYTES * toIndex, (long) Long.BYTES * count);
        } else {
            MemorySegment.copy(s, SegmentLE.U64, offset, to, toIndex, count);
        }
    }

    /// Copies the first `count` 64-bit words of a heap array to `offset`, one bulk operation.
    public static void putLongs(MemorySegment s, long offset, long[] words, int count) {
        if (IS_NATIVE) {
            MemorySegment.copy(MemorySegment.ofArray(words), 0, s, offset, (long) Long.BYTES * count);
        } else {
            MemorySegment.copy(words, 0, s, SegmentLE.U64, offset, count);
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
