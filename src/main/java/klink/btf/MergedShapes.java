package klink.btf;

import java.util.Arrays;

/// The shapes of all workers as one table, in the order in which they first appear in the files: the same for any number of
/// workers, as each has seen whole units, in ascending order.
final class MergedShapes {
    final UnitShapes[] workers;
    final Names names = new Names();
    final int count;
    /// Where each shape is described: a worker, and its shape there.
    final int[] worker;
    final int[] local;
    final long[] order;
    /// By worker and its shape.
    final int[][] merged;
    /// By worker and its name.
    final int[][] mergedName;
    /// Shape of the tag that a definition defines; 0 for anything else.
    final int[] tag;
    /// What shapes refer to: the type, or the types of all parts, first[i] .. first[i + 1].
    final int[] first;
    final int[] refs;

    MergedShapes(UnitShapes[] workers) {
        this.workers = workers;
        var ids = new LongMap(1 << 18);
        int most = 1;
        for (UnitShapes w : workers) {
            most += w.shapes.count;
        }
        var fromWorker = new int[most];
        var fromLocal = new int[most];
        var when = new long[most];
        var found = new int[workers.length][];
        int n = 1;
        for (int w = 0; w < workers.length; w++) {
            Shapes s = workers[w].shapes;
            found[w] = new int[s.count];
            for (int i = 1; i < s.count; i++) {
                int id = ids.get(s.key[i]);
                if (id < 0) {
                    id = n++;
                    ids.put(s.key[i], id);
                    when[id] = Shapes.UNUSED;
                    fromWorker[id] = w;
                    fromLocal[id] = i;
                }
                when[id] = Math.min(when[id], s.order[i]);
                found[w][i] = id;
            }
        }
        count = n;
        int[] rank = rank(when, fromWorker, fromLocal, n);
        worker = new int[n];
        local = new int[n];
        order = new long[n];
        for (int i = 1; i < n; i++) {
            worker[rank[i]] = fromWorker[i];
            local[rank[i]] = fromLocal[i];
            order[rank[i]] = when[i];
        }
        for (int[] f : found) {
            for (int i = 1; i < f.length; i++) {
                f[i] = rank[f[i]];
            }
        }
        merged = found;
        mergedName = new int[workers.length][];
        for (int w = 0; w < workers.length; w++) {
            Names own = workers[w].shapes.names;
            mergedName[w] = new int[own.count()];
            for (int i = 1; i < own.count(); i++) {
                mergedName[w][i] = names.intern(own, i);
            }
        }
        tag = new int[n];
        first = new int[n + 1];
        refs = link();
    }

    /// By order; those that no unit has as a type come last, and their order tells nothing.
    private int[] rank(long[] when, int[] fromWorker, int[] fromLocal, int n) {
        var sorted = new long[n - 1];
        var byOrder = new LongMap(Integer.highestOneBit(Math.max(2, n)) * 4);
        int used = 0;
        for (int i = 1; i < n; i++) {
            if (when[i] != Shapes.UNUSED && byOrder.get(spread(when[i])) < 0) {
                sorted[used++] = when[i];
                byOrder.put(spread(when[i]), i);
            }
        }
        Arrays.sort(sorted, 0, used);
        var rank = new int[n];
        for (int i = 0; i < used; i++) {
            rank[byOrder.get(spread(sorted[i]))] = i + 1;
        }
        return rest(rank, used, fromWorker, fromLocal, n);
    }

    /// A key for a place in the order, which is no hash; another one for each.
    private static long spread(long order) {
        long h = (order + 1) * 0x9e37_79b9_7f4a_7c15L;
        return h ^ h >>> 32;
    }

    private int[] rest(int[] rank, int used, int[] fromWorker, int[] fromLocal, int n) {
        var keys = new long[n];
        var byKey = new LongMap(Integer.highestOneBit(Math.max(2, n)) * 4);
        int more = 0;
        for (int i = 1; i < n; i++) {
            if (rank[i] == 0) {
                long key = workers[fromWorker[i]].shapes.key[fromLocal[i]];
                keys[more++] = key;
                byKey.put(key, i);
            }
        }
        Arrays.sort(keys, 0, more);
        for (int i = 0; i < more; i++) {
            rank[byKey.get(keys[i])] = used + i + 1;
        }
        return rank;
    }

    private int[] link() {
        int total = 0;
        for (int i = 1; i < count; i++) {
            Shapes s = shapes(i);
            first[i] = total;
            total += hasRef(i) ? 1 : 0;
            total += s.parts[local[i]];
        }
        first[count] = total;
        var to = new int[total];
        for (int i = 1; i < count; i++) {
            Shapes s = shapes(i);
            int[] map = merged[worker[i]];
            int l = local[i];
            int at = first[i];
            if (hasRef(i)) {
                to[at++] = s.ref[l] == Shapes.VOID ? 0 : map[s.find(s.ref[l])];
            } else if (s.ref[l] != Shapes.VOID) {
                tag[i] = map[s.find(s.ref[l])];
            }
            for (int p = s.first[l], end = p + s.parts[l]; p < end; p++) {
                to[at++] = s.partType[p] == Shapes.VOID ? 0 : map[s.find(s.partType[p])];
            }
        }
        return to;
    }

    Shapes shapes(int i) {
        return workers[worker[i]].shapes;
    }

    int kind(int i) {
        return shapes(i).kind[local[i]];
    }

    long value(int i) {
        return shapes(i).value[local[i]];
    }

    int name(int i) {
        return mergedName[worker[i]][shapes(i).name[local[i]]];
    }

    int parts(int i) {
        return shapes(i).parts[local[i]];
    }

    int partName(int i, int part) {
        Shapes s = shapes(i);
        return mergedName[worker[i]][s.partName[s.first[local[i]] + part]];
    }

    long partValue(int i, int part) {
        Shapes s = shapes(i);
        return s.partValue[s.first[local[i]] + part];
    }

    /// Whether the first of its references is no part's: what it points to, returns, stands for.
    boolean hasRef(int i) {
        return switch (kind(i)) {
            case BtfReader.KIND_INT, BtfReader.KIND_FLOAT, BtfReader.KIND_STRUCT, BtfReader.KIND_UNION, BtfReader.KIND_ENUM, Shapes.TAG -> false;
            default -> true;
        };
    }
}
