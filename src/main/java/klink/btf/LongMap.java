package klink.btf;

/// From hashes to positive numbers; open addressing. The keys are hashes already, and 0 is none of them.
final class LongMap {
    private long[] keys;
    private int[] values;
    private int mask;
    private int size;

    /// @param capacity a power of two
    LongMap(int capacity) {
        keys = new long[capacity];
        values = new int[capacity];
        mask = capacity - 1;
    }

    /// The number under `key`, or -1.
    int get(long key) {
        long[] k = keys;
        int m = mask;
        for (int i = (int) key & m; ; i = i + 1 & m) {
            long there = k[i];
            if (there == key) {
                return values[i];
            }
            if (there == 0) {
                return -1;
            }
        }
    }

    /// Adds a key that is not there.
    void put(long key, int value) {
        if (size > mask - (mask >>> 2)) {
            grow();
        }
        int i = (int) key & mask;
        while (keys[i] != 0) {
            i = i + 1 & mask;
        }
        keys[i] = key;
        values[i] = value;
        size++;
    }

    private void grow() {
        long[] oldKeys = keys;
        int[] oldValues = values;
        keys = new long[Math.multiplyExact(oldKeys.length, 2)];
        values = new int[keys.length];
        mask = keys.length - 1;
        for (int j = 0; j < oldKeys.length; j++) {
            if (oldKeys[j] != 0) {
                int i = (int) oldKeys[j] & mask;
                while (keys[i] != 0) {
                    i = i + 1 & mask;
                }
                keys[i] = oldKeys[j];
                values[i] = oldValues[j];
            }
        }
    }
}
