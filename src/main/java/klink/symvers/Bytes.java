package klink.symvers;

import java.util.Arrays;

/// Bytes being written: what a ByteArrayOutputStream does, without a lock at each of 100,000 short writes.
final class Bytes {
    private byte[] bytes;
    private int size;

    Bytes(int expected) {
        bytes = new byte[Math.max(16, expected)];
    }

    int size() {
        return size;
    }

    void add(int b) {
        if (size == bytes.length) {
            grow(1);
        }
        bytes[size++] = (byte) b;
    }

    void add(byte[] from) {
        add(from, 0, from.length);
    }

    void add(byte[] from, int offset, int length) {
        if (length > bytes.length - size) {
            grow(length);
        }
        System.arraycopy(from, offset, bytes, size, length);
        size += length;
    }

    private void grow(int more) {
        bytes = Arrays.copyOf(bytes, Math.addExact(Math.max(size + (size >> 1), size + more), 16));
    }

    byte[] toArray() {
        return Arrays.copyOf(bytes, size);
    }
}
