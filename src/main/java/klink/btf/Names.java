package klink.btf;

import java.util.Arrays;

/// Names by their 64-bit hashes ([klink.dwarf.TypeReader#nameHash]), each kept once. Id 0 is the empty name. A defconfig's
/// types have 120,000 names in 1.9 MB.
final class Names {
    private long[] hashes = new long[1 << 12];
    private int[] starts = new int[1 << 12];
    private byte[] text = new byte[1 << 16];
    private int size = 1;
    private int count = 1;
    private final LongMap ids = new LongMap(1 << 13);

    /// The name that is `bytes` from `at` to the next NUL.
    int intern(long hash, byte[] bytes, int at) {
        int id = ids.get(hash);
        if (id > 0) {
            return id;
        }
        int end = at;
        while (bytes[end] != 0) {
            end++;
        }
        int length = end - at;
        if (length == 0) {
            return 0;
        }
        if (text.length - size <= length) {
            text = Arrays.copyOf(text, Math.addExact(text.length, Math.max(text.length, length + 1)));
        }
        if (count == starts.length) {
            starts = Arrays.copyOf(starts, 2 * count);
            hashes = Arrays.copyOf(hashes, 2 * count);
        }
        System.arraycopy(bytes, at, text, size, length);
        starts[count] = size;
        hashes[count] = hash;
        size += length + 1;
        ids.put(hash, count);
        return count++;
    }

    /// The id that a name of another table has here.
    int intern(Names other, int id) {
        return id == 0 ? 0 : intern(other.hashes[id], other.text, other.starts[id]);
    }

    /// The id of the name with that hash; 0 if there is none.
    int find(long hash) {
        return Math.max(0, ids.get(hash));
    }

    long hash(int id) {
        return hashes[id];
    }

    int count() {
        return count;
    }

    /// All names; each ends with a NUL.
    byte[] text() {
        return text;
    }

    int start(int id) {
        return starts[id];
    }

    int length(int id) {
        int end = starts[id];
        while (text[end] != 0) {
            end++;
        }
        return end - starts[id];
    }

    String name(int id) {
        return id == 0 ? "" : new String(text, starts[id], length(id), java.nio.charset.StandardCharsets.UTF_8);
    }
}
