package klink.inspect;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Arrays;

/// Compares the types of two kernels up to their numbering: as multisets, each type with all that it is made of.
///
/// Every type gets a hash of what its own record says; then, round after round, of that with the hashes of the types it refers to.
/// After as many rounds as it takes until no more types are told apart (some twenty, for a kernel), equal hashes
/// mean equal graphs of types, cycles included. The first round in which the two files differ names the types
/// themselves; in later ones, whatever refers to them differs too.
public final class BtfComparison {
    private static final int ROUNDS = 64;

    private final BtfTypes types;
    private long[] hash;
    private long[] next;
    private final boolean[] dropped;

    private BtfComparison(BtfTypes types) {
        this.types = types;
        hash = new long[types.count()];
        next = new long[types.count()];
        dropped = new boolean[types.count()];
        for (int i = 1; i < hash.length; i++) {
            hash[i] = own(i);
        }
    }

    /// @param base the file whose types both continue, null for none: these are compared with themselves, and not counted
    /// @return 0 if they are the same types, else 1
    public static int run(Path first, Path second, Path base, int lines, PrintStream out) {
        BtfTypes continued = base == null ? null : BtfTypes.open(base);
        var a = new BtfComparison(BtfTypes.open(first, continued));
        var b = new BtfComparison(BtfTypes.open(second, continued));
        counts(a.types, b.types, out);
        int known = -1;
        int differing = 0;
        for (int round = 0; round < ROUNDS; round++) {
            long[] x = a.sorted();
            long[] y = b.sorted();
            if (!Arrays.equals(x, y)) {
                out.println("types differ" + (round == 0 ? ":" : " in what they refer to (" + round + " away):"));
                int only = a.print("-", x, y, lines, out) + b.print("+", y, x, lines, out);
                out.println(only + " types are in one file only");
                if (!a.drop(x, y) || !b.drop(y, x)) {
                    return 1;
                }
                differing += only;
                x = a.sorted();
            }
            int distinct = distinct(x);
            if (distinct == known) {
                out.println(differing == 0 ? "the same " + (x.length - a.types.first()) + " types" : "but for these the types are the same");
                return differing == 0 ? 0 : 1;
            }
            known = distinct;
            a.refine();
            b.refine();
        }
        out.println("types are told apart after more than " + ROUNDS + " rounds");
        return 1;
    }

    private static void counts(BtfTypes a, BtfTypes b, PrintStream out) {
        var n = new int[2][BtfTypes.KINDS.length];
        for (int i = a.first(); i < a.count(); i++) {
            n[0][a.kind(i)]++;
        }
        for (int i = b.first(); i < b.count(); i++) {
            n[1][b.kind(i)]++;
        }
        for (int k = 1; k < n[0].length; k++) {
            if (n[0][k] != 0 || n[1][k] != 0) {
                out.println((n[0][k] == n[1][k] ? "  " : "! ") + BtfTypes.KINDS[k] + " " + n[0][k] + " " + n[1][k]);
            }
        }
    }

    private long[] sorted() {
        var s = new long[hash.length];
        int n = 0;
        for (int i = 0; i < s.length; i++) {
            if (!dropped[i]) {
                s[n++] = hash[i];
            }
        }
        s = Arrays.copyOf(s, n);
        Arrays.sort(s);
        return s;
    }

    private static int distinct(long[] sorted) {
        int n = 1;
        for (int i = 1; i < sorted.length; i++) {
            n += sorted[i] != sorted[i - 1] ? 1 : 0;
        }
        return n;
    }

    private static long mix(long h, long more) {
        h = (h ^ more) * 0x9e37_79b9_7f4a_7c15L;
        return h ^ h >>> 32;
    }

    /// Of what the record says without the types it refers to.
    private long own(int id) {
        int kind = types.kind(id);
        long h = mix(mix(mix(17, types.info(id)), types.name(id).hashCode()), types.name(id).length());
        if (!refers(kind)) {
            h = mix(h, types.sizeOrType(id));
        }
        int vlen = types.vlen(id);
        switch (kind) {
            case BtfTypes.INT, BtfTypes.VAR, BtfTypes.DECL_TAG -> h = mix(h, types.word(id, 0));
            case BtfTypes.ARRAY -> h = mix(h, types.word(id, 2));
            case BtfTypes.STRUCT, BtfTypes.UNION -> {
                for (int i = 0; i < vlen; i++) {
                    h = mix(mix(h, types.string(types.word(id, 3L * i)).hashCode()), types.word(id, 3L * i + 2));
                }
            }
            case BtfTypes.ENUM -> {
                for (int i = 0; i < vlen; i++) {
                    h = mix(mix(h, types.string(types.word(id, 2L * i)).hashCode()), types.word(id, 2L * i + 1));
                }
            }
            case BtfTypes.ENUM64 -> {
                for (int i = 0; i < vlen; i++) {
                    h = mix(mix(mix(h, types.string(types.word(id, 3L * i)).hashCode()), types.word(id, 3L * i + 1)), types.word(id, 3L * i + 2));
                }
            }
            case BtfTypes.FUNC_PROTO -> {
                for (int i = 0; i < vlen; i++) {
                    h = mix(h, types.string(types.word(id, 2L * i)).hashCode());
                }
            }
            case BtfTypes.DATASEC -> {
                for (int i = 0; i < vlen; i++) {
                    h = mix(mix(h, types.word(id, 3L * i + 1)), types.word(id, 3L * i + 2));
                }
            }
            default -> { }
        }
        return h;
    }

    private static boolean refers(int kind) {
        return switch (kind) {
            case BtfTypes.PTR, BtfTypes.TYPEDEF, BtfTypes.VOLATILE, BtfTypes.CONST, BtfTypes.RESTRICT, BtfTypes.FUNC, BtfTypes.FUNC_PROTO, BtfTypes.VAR,
                    BtfTypes.DECL_TAG, BtfTypes.TYPE_TAG -> true;
            default -> false;
        };
    }

    private void refine() {
        for (int i = 1; i < hash.length; i++) {
            int kind = types.kind(i);
            long h = hash[i];
            if (refers(kind)) {
                h = mix(h, of(types.sizeOrType(i)));
            }
            int vlen = types.vlen(i);
            int step = kind == BtfTypes.FUNC_PROTO ? 2 : 3;
            if (kind == BtfTypes.STRUCT || kind == BtfTypes.UNION || kind == BtfTypes.FUNC_PROTO || kind == BtfTypes.DATASEC) {
                for (int m = 0; m < vlen; m++) {
                    h = mix(h, of(types.word(i, (long) step * m + (kind == BtfTypes.DATASEC ? 0 : 1))));
                }
            } else if (kind == BtfTypes.ARRAY) {
                h = mix(mix(h, of(types.word(i, 0))), of(types.word(i, 1)));
            }
            next[i] = dropped[i] ? 0 : h;
        }
        long[] t = hash;
        hash = next;
        next = t;
    }

    private long of(long id) {
        return id < hash.length ? hash[(int) id] : -1;
    }

    /// Prints the types that are here more often than there.
    private int print(String sign, long[] mine, long[] other, int lines, PrintStream out) {
        int only = 0;
        for (int i = 1; i < hash.length; i++) {
            int here = count(mine, hash[i]);
            int there = count(other, hash[i]);
            if (here > there) {
                only++;
                if (lines == 0 || only <= lines) {
                    out.println(sign + " [" + i + "] " + describe(i) + (there > 0 ? " (" + here + " against " + there + ")" : ""));
                }
            }
        }
        return only;
    }

    /// Leaves out of the comparison what is here only, if no other type can be made of it: then the others can go on.
    private boolean drop(long[] mine, long[] other) {
        for (int i = 1; i < hash.length; i++) {
            if (hash[i] != 0 && count(mine, hash[i]) > count(other, hash[i])) {
                int kind = types.kind(i);
                if (kind != BtfTypes.VAR && kind != BtfTypes.DATASEC && kind != BtfTypes.FUNC) {
                    return false;
                }
                dropped[i] = true;
            }
        }
        for (int i = 1; i < hash.length; i++) {
            hash[i] = dropped[i] ? 0 : hash[i];
        }
        return true;
    }

    private static int count(long[] sorted, long value) {
        int at = Arrays.binarySearch(sorted, value);
        if (at < 0) {
            return 0;
        }
        int first = at;
        while (first > 0 && sorted[first - 1] == value) {
            first--;
        }
        int end = at;
        while (end < sorted.length && sorted[end] == value) {
            end++;
        }
        return end - first;
    }

    private String describe(int id) {
        int kind = types.kind(id);
        var text = new StringBuilder(BtfTypes.KINDS[kind]).append(' ').append(types.name(id)).append(" info=0x").append(Long.toHexString(types.info(id)));
        text.append(refers(kind) ? " -> [" : " size=").append(types.sizeOrType(id));
        if (refers(kind)) {
            text.append("] ").append(types.sizeOrType(id) < types.count() ? types.name((int) types.sizeOrType(id)) : "?");
        }
        int vlen = types.vlen(id);
        for (int i = 0; i < vlen && i < 40; i++) {
            if (kind == BtfTypes.STRUCT || kind == BtfTypes.UNION) {
                text.append(' ').append(types.string(types.word(id, 3L * i))).append('@').append(types.word(id, 3L * i + 2)).append('[').append(types.word(id, 3L * i + 1)).append(']');
            } else if (kind == BtfTypes.FUNC_PROTO) {
                text.append(' ').append(types.string(types.word(id, 2L * i))).append('[').append(types.word(id, 2L * i + 1)).append(']');
            } else if (kind == BtfTypes.ENUM) {
                text.append(' ').append(types.string(types.word(id, 2L * i))).append('=').append(types.word(id, 2L * i + 1));
            }
        }
        return text.toString();
    }
}
