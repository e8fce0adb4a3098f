package klink.mem;

/// Stable merge sort of `int[]` ids by a caller's order, without boxing them.
public final class IntSort {
    /// Negative, zero or positive, as `a` comes before, with, or after `b`.
    @FunctionalInterface
    public interface Order {
        int compare(int a, int b);
    }

    private IntSort() {}

    public static void sort(int[] a, Order order) {
        sort(a, 0, a.length, order);
    }

    /// Sorts `a[from .. to)`.
    public static void sort(int[] a, int from, int to, Order order) {
        if (to - from > 1) {
            split(new int[to - from], a, from, to, order);
        }
    }

    private static void split(int[] src, int[] dst, int from, int to, Order order) {
        if (to - from <= 8) {
            for (int i = from + 1; i < to; i++) {
                int v = dst[i];
                int j = i - 1;
                while (j >= from && order.compare(dst[j], v) > 0) {
                    dst[j + 1] = dst[j];
                    j--;
                }
                dst[j + 1] = v;
            }
            return;
        }
        int mid = from + to >>> 1;
        split(src, dst, from, mid, order);
        split(src, dst, mid, to, order);
        if (order.compare(dst[mid - 1], dst[mid]) <= 0) {
            return;
        }
        int n = mid - from;
        System.arraycopy(dst, from, src, 0, n);
        int l = 0;
        int r = mid;
        int w = from;
        while (l < n) {
            if (r < to && order.compare(dst[r], src[l]) < 0) {
                dst[w++] = dst[r++];
            } else {
                dst[w++] = src[l++];
            }
        }
    }
}
