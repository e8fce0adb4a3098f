package klink.btf;

/// From hashes to numbers; open addressing. The keys are hashes already, and 0 is none of them. Key and number stand side by
/// side: a look-up is one miss of the cache, and there are some ten million in a kernel.
final class LongMap {
    private long[] table;
    private int mask;
    private int size;

    /// @param capacity a power of two
    LongMap(int capacity) {
        table = new long[2 * capacity];
        mask = capacity - 1;
    }

    /// The number under `key`, or -1.
    int get(long key) {
        long[] t = table;
        int m = mask;
        for (int i = (int) key & m; ; i = i + 1 & m) {
            long there = t[2 * i];
            if (there == key) {
                return (int) t[2 * i + 1];
            }
            if (there == 0) {
                return -1;
            }
        }
    }

    /// Adds a key that is not there.
    void put(long key, int value) {
        if (size > mask >>> 1) {
            grow();
        }
        insert(key, value);
        size++;
    }

    private void insert(long key, long value) {
        int i = (int) key & mask;
        while (table[2 * i] != 0) {
            i = i + 1 & mask;
        }
        table[2 * i] = key;
        table[2 * i + 1] = value;
    }

    private void grow() {
        long[] old = table;
        table = new long[Math.multiplyExact(old.length, 2)];
        mask = table.length / 2 - 1;
        for (int j = 0; j < old.length; j += 2) {
            if (old[j] != 0) {
                insert(old[j], old[j + 1]);
            }
        }
    }
}
