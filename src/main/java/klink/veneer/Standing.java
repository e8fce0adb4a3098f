package klink.veneer;

import java.util.function.IntFunction;
import klink.arch.Machine;
import klink.layout.Addresses;
import klink.layout.Sizes;

/// The veneers of a link as they stand: arrays with a place for each, by id of the section that they stand behind or before, then by address.
///
/// @param host    the section
/// @param symbol what a branch names that takes it, as [Branches#SYMBOL] is written: several may be at one place
/// @param goal    where a branch wants to go that takes it: S + A, with the mode of the code there
/// @param through what its code is told: the goal, a function's local entry point, or the address of the word that holds that
/// @param kind    of the machine's
/// @param offset  bytes from the first one of the section
/// @param name    as the symbol table has it; null of one that has no symbol
/// @param groups  where they stand before their sections, which sections share them; null where they stand behind
/// @param table   the words of `.branch_lt`
/// @param toc     base of the table of contents, or 0
record Standing(int[] host, long[] symbol, long[] goal, long[] address, long[] through, int[] kind, int[] offset, IntFunction<String> name, Groups groups, long[] table, long toc) {
    /// Those of `slots`, each behind its section.
    static Standing behind(Machine machine, Slots slots, Branches branches, Addresses at, Sizes sizes, long toc) {
        int[] order = slots.inOrder();
        var host = new int[order.length];
        var symbol = new long[order.length];
        var goal = new long[order.length];
        var through = new long[order.length];
        var address = new long[order.length];
        var kind = new int[order.length];
        var offset = new int[order.length];
        for (int i = 0; i < order.length; i++) {
            int v = order[i];
            host[i] = slots.host(v);
            symbol[i] = slots.symbol(v);
            goal[i] = branches.target(v);
            address[i] = Hosts.end(host[i], at, sizes) + slots.offset(v);
            kind[i] = slots.kind(v);
            through[i] = machine.veneerTells(kind[i]) ? goal[i] : branches.local(v);
            offset[i] = slots.offset(v);
        }
        return new Standing(host, symbol, goal, address, through, kind, offset, i -> machine.veneerName(kind[i], branches.name(order[i]), goal[i], slots.type(order[i]), host[i]), null, new long[0], toc);
    }
}
