package klink.merge;

import klink.mem.LE;

/// A 128-bit hash of a short byte string: two multiply-and-fold lanes over eight bytes at a time.
/// Wide enough to stand for the string itself among the millions of a debug kernel; not a defence
/// against someone who builds collisions, which here could only swap two of their own debug strings.
final class PieceHash {
    private static final long A = 0x9e3779b97f4a7c15L;
    private static final long B = 0xc2b2ae3d27d4eb4fL;

    private PieceHash() {}

    static void hash(byte[] bytes, int from, int length, long[] out, int at) {
        long x = A ^ length;
        long y = B + length;
        int i = from;
        int end = from + length;
        for (; i + 8 <= end; i += 8) {
            long w = LE.i64(bytes, i);
            x = (x ^ w) * A;
            x ^= x >>> 29;
            y = (y + w) * B;
            y ^= y >>> 31;
        }
        if (i < end) {
            long w = 0;
            for (int shift = 0; i < end; i++, shift += 8) {
                w |= (bytes[i] & 0xffL) << shift;
            }
            x = (x ^ w) * A;
            x ^= x >>> 29;
            y = (y + w) * B;
            y ^= y >>> 31;
        }
        x ^= Math.multiplyHigh(x, B) ^ y >>> 17;
        y ^= Math.multiplyHigh(y, A) ^ x >>> 13;
        out[at] = x * B;
        out[at + 1] = y * A;
    }
}
