package klink.image;

import klink.mem.LE;

/// The hash behind `--build-id`: 160 bits that identify the image's contents.
///
/// Every written range is hashed by the thread that has just written it, while it is in the cache, and
/// the hashes are hashed in order. Ranges do not depend on the number of threads, so neither does the
/// result. A build id names a build; nobody trusts it to resist forgery, and SHA-1 over the same bytes
/// takes a third as long as the whole link in a JVM that has just started. As with ld.lld's `fast` and
/// `tree`, only its length is that of the style asked for.
final class Digest {
    private static final long P1 = 0x9e3779b185ebca87L;
    private static final long P2 = 0xc2b2ae3d27d4eb4fL;
    private static final long P3 = 0x165667b19e3779f9L;
    private static final int WORDS = 3;

    private long[] parts = new long[0];

    void parts(int n) {
        parts = new long[n * WORDS];
    }

    void add(int number, byte[] bytes, int length) {
        hash(bytes, 0, length, parts, number * WORDS);
    }

    /// @param more hashed after the ranges
    byte[] finish(byte[]... more) {
        var all = new long[parts.length + more.length * WORDS];
        System.arraycopy(parts, 0, all, 0, parts.length);
        for (int i = 0; i < more.length; i++) {
            hash(more[i], 0, more[i].length, all, parts.length + i * WORDS);
        }
        var bytes = new byte[all.length * 8];
        for (int i = 0; i < all.length; i++) {
            LE.put64(bytes, 8 * i, all[i]);
        }
        var out = new long[WORDS];
        hash(bytes, 0, bytes.length, out, 0);
        var id = new byte[WORDS * 8];
        for (int i = 0; i < WORDS; i++) {
            LE.put64(id, 8 * i, out[i]);
        }
        return id;
    }

    /// Four independent lanes over 32 bytes at a time; the rest byte by byte; then three different
    /// mixes of the lanes.
    private static void hash(byte[] b, int from, int length, long[] out, int at) {
        long v1 = P1 + P2;
        long v2 = P2 ^ length;
        long v3 = P3;
        long v4 = -P1;
        int i = from;
        for (int end = from + length - 32; i <= end; i += 32) {
            v1 = Long.rotateLeft(v1 + LE.i64(b, i) * P2, 31) * P1;
            v2 = Long.rotateLeft(v2 + LE.i64(b, i + 8) * P2, 31) * P1;
            v3 = Long.rotateLeft(v3 + LE.i64(b, i + 16) * P2, 31) * P1;
            v4 = Long.rotateLeft(v4 + LE.i64(b, i + 24) * P2, 31) * P1;
        }
        for (; i < from + length; i++) {
            v1 = Long.rotateLeft(v1 ^ (b[i] & 0xff) * P3, 11) * P2;
        }
        for (int w = 0; w < WORDS; w++) {
            long h = Long.rotateLeft(v1, 1 + w) + Long.rotateLeft(v2, 7 + 2 * w) * P1 + Long.rotateLeft(v3, 12 + 3 * w) * P2
                    + Long.rotateLeft(v4, 18 + 5 * w) * P3 + length + w;
            h = (h ^ h >>> 33) * P2;
            h = (h ^ h >>> 29) * P3;
            out[at + w] = h ^ h >>> 32;
        }
    }
}
