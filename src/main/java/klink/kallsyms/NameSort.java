package klink.kallsyms;

import java.util.Arrays;

/// Sorts NUL-terminated names by their unsigned bytes; equal names by their numbers.
///
/// Kernel names share long beginnings (`__ksymtab_`, `__SCT__tp_func_`), so names are never compared
/// from their first byte. Large groups are split by the next four bytes with a radix sort; groups below
/// [#RADIX] by a quicksort over eight bytes at a time (caching multikey quicksort: Ng and Kakehi, 2007),
/// which goes on to the next eight among names that agree.
final class NameSort {
    private static final int SMALL = 12;
    private static final int RADIX = 512;

    private final byte[] names;
    private final int[] start;
    private final int[] id;
    private final long[] key;

    private NameSort(byte[] names, int[] start, int n) {
        this.names = names;
        this.start = start;
        id = new int[n];
        key = new long[n];
    }

    /// The numbers 0 .. n-1 in the order of the names.
    ///
    /// @param names each name ends with a NUL
    /// @param start where name i begins
    static int[] order(byte[] names, int[] start, int n) {
        var sort = new NameSort(names, start, n);
        for (int i = 0; i < n; i++) {
            sort.id[i] = i;
        }
        sort.split(0, n, 0);
        return sort.id;
    }

    /// Sorts `id[from..to)` by names whose first `depth` bytes agree.
    private void split(int from, int to, int depth) {
        if (to - from < RADIX) {
            load(from, to, depth);
            sort(from, to, depth);
            return;
        }
        int n = to - from;
        var work = new long[n];
        int varying = 0;
        int first = four(id[from], depth);
        for (int i = 0; i < n; i++) {
            int k = four(id[from + i], depth);
            varying |= k ^ first;
            work[i] = (k & 0xffff_ffffL) << AddressSort.POSITION_BITS | id[from + i];
        }
        long[] sorted = AddressSort.byDigits(work, new long[n], n, varying);
        for (int i = 0; i < n; i++) {
            id[from + i] = (int) sorted[i] & AddressSort.POSITION_MASK;
        }
        for (int run = 0; run < n; ) {
            int k = (int) (sorted[run] >>> AddressSort.POSITION_BITS);
            int end = run + 1;
            while (end < n && (int) (sorted[end] >>> AddressSort.POSITION_BITS) == k) {
                end++;
            }
            // a run whose names have ended holds equal names, in the order they came
            if (end - run > 1 && (k & 0xff) != 0) {
                split(from + run, from + end, depth + 4);
            }
            run = end;
        }
    }

    /// The next four bytes of a name, what lies behind a NUL as 0.
    private int four(int name, int depth) {
        int p = start[name] + depth;
        byte[] t = names;
        if (t[p] == 0) {
            return 0;
        }
        if (t[p + 1] == 0) {
            return t[p] << 24;
        }
        int k = t[p] << 24 | (t[p + 1] & 0xff) << 16 | (t[p + 2] & 0xff) << 8;
        return t[p + 2] == 0 ? k : k | t[p + 3] & 0xff;
    }

    /// Reads the next eight bytes of the names in a range. The sign is flipped, so that comparing longs
    /// orders unsigned bytes.
    private void load(int from, int to, int depth) {
        for (int i = from; i < to; i++) {
            key[i] = eight(id[i], depth) ^ Long.MIN_VALUE;
        }
    }

    private long eight(int name, int depth) {
        int first = four(name, depth);
        return (first & 0xff) == 0 ? (long) first << 32 : (long) first << 32 | four(name, depth + 4) & 0xffff_ffffL;
    }

    /// Sorts `id[from..to)` by names whose first `depth` bytes agree; `key` holds the next eight.
    private void sort(int from, int to, int depth) {
        while (to - from > SMALL) {
            long pivot = pivot(from, to);
            int lt = from;
            int gt = to;
            for (int i = from; i < gt; ) {
                long k = key[i];
                if (k < pivot) {
                    swap(lt++, i++);
                } else if (k > pivot) {
                    swap(i, --gt);
                } else {
                    i++;
                }
            }
            equal(lt, gt, depth, pivot);
            if (lt - from < to - gt) {
                sort(from, lt, depth);
                from = gt;
            } else {
                sort(gt, to, depth);
                to = lt;
            }
        }
        insertion(from, to, depth);
    }

    private void equal(int from, int to, int depth, long k) {
        if (to - from < 2) {
            return;
        }
        if ((k & 0xff) == 0) {
            Arrays.sort(id, from, to);
        } else {
            load(from, to, depth + 8);
            sort(from, to, depth + 8);
        }
    }

    private void insertion(int from, int to, int depth) {
        for (int i = from + 1; i < to; i++) {
            long k = key[i];
            int n = id[i];
            int j = i;
            while (j > from && (key[j - 1] > k || (key[j - 1] == k && after(id[j - 1], n, depth, k)))) {
                key[j] = key[j - 1];
                id[j] = id[j - 1];
                j--;
            }
            key[j] = k;
            id[j] = n;
        }
    }

    /// Whether name a sorts behind name b, both alike in `depth + 8` bytes.
    private boolean after(int a, int b, int depth, long k) {
        if ((k & 0xff) != 0) {
            int i = start[a] + depth + 8;
            int j = start[b] + depth + 8;
            while (names[i] == names[j] && names[i] != 0) {
                i++;
                j++;
            }
            int c = (names[i] & 0xff) - (names[j] & 0xff);
            if (c != 0) {
                return c > 0;
            }
        }
        return a > b;
    }

    private long pivot(int from, int to) {
        int n = to - from;
        int mid = from + n / 2;
        if (n < 200) {
            return median(key[from], key[mid], key[to - 1]);
        }
        int s = n / 8;
        return median(median(key[from], key[from + s], key[from + 2 * s]), median(key[mid - s], key[mid], key[mid + s]),
            median(key[to - 1 - 2 * s], key[to - 1 - s], key[to - 1]));
    }

    private static long median(long a, long b, long c) {
        return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
    }

    private void swap(int i, int j) {
        long k = key[i];
        key[i] = key[j];
        key[j] = k;
        int n = id[i];
        id[i] = id[j];
        id[j] = n;
    }
}
