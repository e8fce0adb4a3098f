package klink.got;

import java.util.ArrayList;
import java.util.List;
import klink.resolve.ChainOrder;
import klink.resolve.NameTable;
import klink.resolve.Symbols;

/// The order in which GNU ld gives out slots of `.got`: that of its table of names, see [ChainOrder].
/// An arm64 kernel has some ten slots, for what is weak and might not be there; in another order each load of
/// one would differ from kbuild's.
final class TableOrder {
    private TableOrder() {}

    /// The keys, which are global ids in their low 32 bits, in that order.
    static List<Long> sorted(List<Long> keys, Symbols symbols) {
        int size = ChainOrder.size(symbols.globalCount());
        var sorted = new ArrayList<>(keys);
        sorted.sort((a, b) -> Long.compare(chain(symbols.names(), a.intValue(), size), chain(symbols.names(), b.intValue(), size)));
        return sorted;
    }

    private static long chain(NameTable names, int g, int size) {
        return ChainOrder.chain(names.table(g), names.offset(g), names.length(g), size);
    }
}
