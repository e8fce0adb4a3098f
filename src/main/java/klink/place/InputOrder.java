package klink.place;

import java.util.Arrays;
import klink.input.ObjectFile;
import klink.mem.IntSort;
import klink.resolve.NameTable;
import klink.resolve.Symbols;
import klink.script.OutputItem;

/// The order that SORT( ) and its like ask for. Names compare as strcmp does: `SORT(___ksymtab+*)`
/// must be strcmp order, because modules find their imports by bisection (kernel/module/main.c).
final class InputOrder implements IntSort.Order {
    private final Symbols symbols;
    private final OutputItem.Sort sort;
    private final int sign;

    InputOrder(Symbols symbols, OutputItem.Sort sort, boolean reverse) {
        this.symbols = symbols;
        this.sort = sort;
        sign = reverse ? -1 : 1;
    }

    @Override
    public int compare(int a, int b) {
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
