package klink.place;

import java.util.Arrays;
import klink.input.ObjectFile;
import klink.mem.IntSort;
import klink.resolve.NameTable;
import klink.resolve.Symbols;
import klink.script.OutputItem;

/// The order that SORT( ) and its like ask for. Names compare as strcmp does: `SORT(___ksymtab+*)`
/// must be strcmp order, because modules find their imports by bisection (kernel/module/main.c).
final class InputOrder {
    private final Symbols symbols;
    private final OutputItem.Sort sort;
    private final int sign;

    InputOrder(Symbols symbols, OutputItem.Sort sort, boolean reverse) {
        this.symbols = symbols;
        this.sort = sort;
        sign = reverse ? -1 : 1;
    }

    /// The ids in order. `__ksymtab` has 6,000 whose names differ only after `___ksymtab+`: the eight bytes
    /// behind what they share decide nearly every comparison.
    /// @param shared bytes that all names are known to begin with
    int[] sorted(int[] ids, int shared) {
        int n = ids.length;
        boolean byName = sort == OutputItem.Sort.BY_NAME;
        var key = new long[n];
        var place = new int[n];
        for (int i = 0; i < n; i++) {
            place[i] = i;
            if (byName) {
                key[i] = key(ids[i], shared);
            }
        }
        IntSort.sort(place, (a, b) -> {
            int c = Long.compareUnsigned(key[a], key[b]) * sign;
            return c != 0 ? c : compare(ids[a], ids[b]);
        });
        for (int i = 0; i < n; i++) {
            place[i] = ids[place[i]];
        }
        return place;
    }

    private long key(int id, int shared) {
        int f = symbols.fileOfSection(id);
        ObjectFile file = symbols.file(f);
        byte[] names = file.sectionNames();
        int at = file.nameOffset(id - symbols.firstSection(f)) + shared;
        long k = 0;
        for (int i = 0; i < 8; i++) {
            byte b = names[at];
            k = k << 8 | b & 0xff;
            at += b != 0 ? 1 : 0;
        }
        return k;
    }

    private int compare(int a, int b) {
        int fa = symbols.fileOfSection(a);
        int fb = symbols.fileOfSection(b);
        ObjectFile x = symbols.file(fa);
        ObjectFile y = symbols.file(fb);
        int i = a - symbols.firstSection(fa);
        int j = b - symbols.firstSection(fb);
        int c = switch (sort) {
            case NONE, UNSORTED -> 0;
            case BY_NAME -> byName(x, i, y, j);
            case BY_ALIGNMENT -> byAlignment(x, i, y, j);
            case BY_NAME_ALIGNMENT -> either(byName(x, i, y, j), byAlignment(x, i, y, j));
            case BY_ALIGNMENT_NAME -> either(byAlignment(x, i, y, j), byName(x, i, y, j));
            case BY_INIT_PRIORITY -> either(Long.compare(priority(x, i), priority(y, j)), byName(x, i, y, j));
        };
        return c * sign;
    }

    private static int either(int first, int second) {
        return first != 0 ? first : second;
    }

    private static int byName(ObjectFile x, int i, ObjectFile y, int j) {
        byte[] s = x.sectionNames();
        byte[] t = y.sectionNames();
        int so = x.nameOffset(i);
        int to = y.nameOffset(j);
        return Arrays.compareUnsigned(s, so, so + NameTable.length(s, so), t, to, to + NameTable.length(t, to));
    }

    /// Largest alignment first, as the GNU ld manual says.
    private static int byAlignment(ObjectFile x, int i, ObjectFile y, int j) {
        return Long.compare(Math.max(1, y.alignment(j)), Math.max(1, x.alignment(i)));
    }

    /// The number that ends `.init_array.NNNNN`, or for `.ctors.NNNNN` and `.dtors.NNNNN` 65535 less it.
    private static long priority(ObjectFile file, int ndx) {
        String name = file.sectionName(ndx);
        int dot = name.lastIndexOf('.');
        if (dot <= 0 || dot + 1 == name.length() || name.length() - dot > 6) {
            return Long.MAX_VALUE;
        }
        long n = 0;
        for (int k = dot + 1; k < name.length(); k++) {
            char c = name.charAt(k);
            if (c < '0' || c > '9') {
                return Long.MAX_VALUE;
            }
            n = n * 10 + c - '0';
        }
        return name.startsWith(".ctors") || name.startsWith(".dtors") ? 65535 - n : n;
    }
}
