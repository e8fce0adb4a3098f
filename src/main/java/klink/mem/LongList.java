package klink.mem;

import java.util.Arrays;

/// A growing `long[]`, for tables whose length is known only at their end.
public final class LongList {
    private long[] a;
    private int size;

    public LongList() {
        this(16);
    }

    public LongList(int capacity) {
        a = new long[Math.max(4, capacity)];
    }

    public void add(long v) {
        if (size == a.length) {
            a = Arrays.copyOf(a, size + (size >> 1) + 4);
        }
        a[size++] = v;
    }

    public long get(int i) {
        return a[i];
    }

    public void set(int i, long v) {
        a[i] = v;
    }

    public int size() {
        return size;
    }

    public boolean isEmpty() {
        return size == 0;
    }

    public void clear() {
        size = 0;
    }

    /// A list of the same values that has room for no more.
    public LongList copy() {
        var list = new LongList(size);
        System.arraycopy(a, 0, list.a, 0, size);
        list.size = size;
        return list;
    }

    /// The values, in an array of exactly their number.
    public long[] toArray() {
        return Arrays.copyOf(a, size);
    }
}
