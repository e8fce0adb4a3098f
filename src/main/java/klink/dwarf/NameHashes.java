package klink.dwarf;

import java.util.Arrays;

/// Hashes of the names of one object, each computed once: a name is said by 64 bits from there on. A kernel object's
/// `.debug_str` has 25 to 150 KB, and a name in it is used three times on the average.
///
/// Two names of one hash would be taken for one. Of the 300,000 names of a large kernel two meet with a probability of
/// one in 400 million.
final class NameHashes {
    private final byte[][] spaces = new byte[3][];
    /// By offset in `.debug_str`: an index in the two lists, valid if the first list has that offset there. So the table need
    /// not be cleared for the next object.
    private int[] slots = new int[0];
    /// From this size of `.debug_str` on, that of an image, only names met lately are remembered.
    private static final int SLOTS = 4 << 20;
    private static final int LATELY = 1 << 16;
    private int[] lateOffsets;
    private long[] lateHashes;
    private int[] offsets = new int[1 << 12];
    private long[] hashes = new long[1 << 12];
    private int count;

    void open(byte[] str, byte[] lineStr, byte[] info) {
        spaces[0] = str;
        spaces[1] = lineStr;
        spaces[2] = info;
        count = 0;
        if (str.length > SLOTS) {
            slots = new int[0];
            lateOffsets = new int[LATELY];
            lateHashes = new long[LATELY];
        } else if (slots.length < str.length) {
            slots = new int[str.length + str.length / 2];
        }
        for (int i = 0; i < 2; i++) {
            if (spaces[i].length > 0 && spaces[i][spaces[i].length - 1] != 0) {
                spaces[i] = Arrays.copyOf(spaces[i], spaces[i].length + 1);
            }
        }
    }

    /// Goes to another unit, which may have names in itself.
    void take(byte[] info) {
        spaces[2] = info;
    }

    boolean holds(int space, int offset) {
        return offset < spaces[space].length;
    }

    byte[] bytes(int space) {
        return spaces[space];
    }

    long hash(int space, int offset) {
        if (space != 0) {
            return of(spaces[space], offset);
        }
        if (offset >= slots.length) {
            return late(offset);
        }
        int slot = slots[offset];
        if (slot < count && offsets[slot] == offset) {
            return hashes[slot];
        }
        if (count == offsets.length) {
            offsets = Arrays.copyOf(offsets, 2 * count);
            hashes = Arrays.copyOf(hashes, 2 * count);
        }
        long hash = of(spaces[0], offset);
        slots[offset] = count;
        offsets[count] = offset;
        hashes[count++] = hash;
        return hash;
    }

    private long late(int offset) {
        int slot = offset * 0x9e37_79b9 >>> 16;
        if (lateOffsets[slot] != offset + 1) {
            lateHashes[slot] = of(spaces[0], offset);
            lateOffsets[slot] = offset + 1;
        }
        return lateHashes[slot];
    }

    /// Multiplication by an odd number spreads upwards, the last lines spread downwards.
    static long of(byte[] bytes, int at) {
        long h = 0xcbf2_9ce4_8422_2325L;
        for (int i = at; bytes[i] != 0; i++) {
            h = (h ^ bytes[i]) * 0x9e37_79b9_7f4a_7c15L;
            h ^= h >>> 29;
        }
        h *= 0xbf58_476d_1ce4_e5b9L;
        return h ^ h >>> 32;
    }
}
