package klink.image;

import java.util.Arrays;
import klink.mem.IntList;

/// Sorts keys that arrive as a few long ascending runs, which is what every table of a kernel image is
/// before it is sorted: each object contributes entries in the order of its own sections.
///
/// ORC of a defconfig has 437,000 entries in 1,834 runs. A run is one object's, and climbs from its
/// `.text` into its `.init.text`; so runs interleave as wholes, but in long blocks:
///
///     arrival   [ 10 12 | 80 81 ] [ 13 20 31 | 82 ] [ 2 5 | 78 79 ]
///     merged      2 5 | 10 12 | 13 20 31 | 78 79 | 80 81 | 82
///
/// The merge therefore moves blocks: it takes the run with the least head, finds by bisection how far
/// that run stays below every other head, and copies that far at once. The heap of runs is asked once per
/// block, some thousands of times, instead of once per entry; the code that runs per entry is one scan
/// and one bulk copy, which matters in a process that never gets warm.
final class SortedRuns {
    /// Below this mean run length, merging runs costs more than sorting keys.
    private static final int MIN_MEAN_RUN = 8;

    private final long[] keys;
    /// Per run: its next key, and the end of its keys.
    private final int[] next;
    private final int[] end;
    /// Binary min-heap of runs by their next keys.
    private final int[] heap;
    private int live;

    private SortedRuns(long[] keys, int[] starts) {
        this.keys = keys;
        next = starts;
        live = starts.length;
        end = new int[live];
        heap = new int[live];
        for (int r = 0; r < live; r++) {
            end[r] = r + 1 < live ? starts[r + 1] : keys.length;
            heap[r] = r;
        }
    }

    /// The keys in ascending signed order: `keys` itself if it already is.
    static long[] sort(long[] keys) {
        int[] starts = runStarts(keys);
        if (starts.length <= 1) {
            return keys;
        }
        if (starts.length * (long) MIN_MEAN_RUN <= keys.length) {
            return new SortedRuns(keys, starts).merge();
        }
        long[] sorted = keys.clone();
        Arrays.sort(sorted);
        return sorted;
    }

    private static int[] runStarts(long[] keys) {
        var starts = new IntList();
        if (keys.length > 0) {
            starts.add(0);
        }
        for (int i = 1; i < keys.length; i++) {
            if (keys[i] < keys[i - 1]) {
                starts.add(i);
            }
        }
        return starts.toArray();
    }

    private long[] merge() {
        for (int i = live / 2 - 1; i >= 0; i--) {
            siftDown(i);
        }
        var out = new long[keys.length];
        int n = 0;
        while (live > 0) {
            int r = heap[0];
            int from = next[r];
            int to = blockEnd(r);
            System.arraycopy(keys, from, out, n, to - from);
            n += to - from;
            next[r] = to;
            if (to == end[r]) {
                heap[0] = heap[--live];
            }
            siftDown(0);
        }
        return out;
    }

    /// Where run `r`, which has the least head, first exceeds the second least head.
    private int blockEnd(int r) {
        int low = next[r] + 1;
        int high = end[r];
        if (live == 1) {
            return high;
        }
        long limit = keys[next[heap[1]]];
        if (live > 2) {
            limit = Math.min(limit, keys[next[heap[2]]]);
        }
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (keys[middle] <= limit) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private void siftDown(int at) {
        int run = heap[at];
        while (true) {
            int child = 2 * at + 1;
            if (child >= live) {
                break;
            }
            if (child + 1 < live && head(child + 1) < head(child)) {
                child++;
            }
            if (keys[next[run]] <= head(child)) {
                break;
            }
            heap[at] = heap[child];
            at = child;
        }
        heap[at] = run;
    }

    private long head(int at) {
        return keys[next[heap[at]]];
    }
}
