package klink.resolve;

import java.util.Arrays;

/// Interns byte strings: each distinct name gets the next id, starting at 0.
///
/// Open addressing over parallel arrays; the bytes stay where they are, in the string table of the
/// file that named them first. A kernel has 130,000 global names and 20,000 section names.
public final class NameTable {
    private int[] slots;
    private int count;
    private byte[][] tables;
    private int[] offsets;
    private int[] lengths;
    private int[] hashes;

    public NameTable(int expected) {
        int capacity = Math.max(16, expected);
        slots = new int[Integer.highestOneBit(capacity * 2 - 1) * 2];
        tables = new byte[capacity][];
        offsets = new int[capacity];
        lengths = new int[capacity];
        hashes = new int[capacity];
    }

    /// The hash that [#intern] and [#find] expect for these bytes.
    public static int hash(byte[] table, int offset, int length) {
        int h = length;
        for (int i = offset, end = offset + length; i < end; i++) {
            h = h * 31 + table[i];
        }
        return h * 0x9e3779b1;
    }

    /// Bytes before the NUL at or after `offset`.
    public static int length(byte[] table, int offset) {
        int end = offset;
        while (table[end] != 0) {
            end++;
        }
        return end - offset;
    }

    /// The id of a name, given now if it is new.
    public int intern(byte[] table, int offset, int length, int hash) {
        int mask = slots.length - 1;
        int at = hash >>> 7 & mask;
        for (int slot; (slot = slots[at]) != 0; at = at + 1 & mask) {
            if (same(slot - 1, table, offset, length, hash)) {
                return slot - 1;
            }
        }
        if (count == offsets.length) {
            grow();
        }
        int id = count++;
        tables[id] = table;
        offsets[id] = offset;
        lengths[id] = length;
        hashes[id] = hash;
        slots[at] = count;
        if (count * 2 > slots.length) {
            rehash();
        }
        return id;
    }

    /// The id of a name, or -1.
    public int find(byte[] table, int offset, int length, int hash) {
        int mask = slots.length - 1;
        int at = hash >>> 7 & mask;
        for (int slot; (slot = slots[at]) != 0; at = at + 1 & mask) {
            if (same(slot - 1, table, offset, length, hash)) {
                return slot - 1;
            }
        }
        return -1;
    }

    /// The id of `name`, given now if it is new.
    public int intern(String name) {
        byte[] b = name.getBytes(java.nio.charset.StandardCharsets.UTF_8);
        return intern(b, 0, b.length, hash(b, 0, b.length));
    }

    /// The id of `name`, or -1.
    public int find(String name) {
        byte[] b = name.getBytes(java.nio.charset.StandardCharsets.UTF_8);
        return find(b, 0, b.length, hash(b, 0, b.length));
    }

    private boolean same(int id, byte[] table, int offset, int length, int hash) {
        return hashes[id] == hash && lengths[id] == length
                && Arrays.equals(tables[id], offsets[id], offsets[id] + length, table, offset, offset + length);
    }

    public int count() {
        return count;
    }

    public byte[] table(int id) {
        return tables[id];
    }

    public int offset(int id) {
        return offsets[id];
    }

    public int length(int id) {
        return lengths[id];
    }

    public String name(int id) {
        return new String(tables[id], offsets[id], lengths[id], java.nio.charset.StandardCharsets.UTF_8);
    }

    private void grow() {
        int capacity = count + (count >> 1) + 16;
        tables = Arrays.copyOf(tables, capacity);
        offsets = Arrays.copyOf(offsets, capacity);
        lengths = Arrays.copyOf(lengths, capacity);
        hashes = Arrays.copyOf(hashes, capacity);
    }

    private void rehash() {
        slots = new int[slots.length * 2];
        int mask = slots.length - 1;
        for (int id = 0; id < count; id++) {
            int at = hashes[id] >>> 7 & mask;
            while (slots[at] != 0) {
                at = at + 1 & mask;
            }
            slots[at] = id + 1;
        }
    }
}
