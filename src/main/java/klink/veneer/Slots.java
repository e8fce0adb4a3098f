package klink.veneer;

import java.util.Arrays;
import klink.arch.Machine;
import klink.mem.IntList;
import klink.mem.LongList;

/// Which veneers there are: where each goes, and behind which section it stands. They are only ever added. A kernel has a dozen; one
/// of a gigabyte has 100,000, so these are tables of numbers.
final class Slots {
    /// By target: the symbol ([Branches#SYMBOL]) and addend, the kind of veneers that go there, and the last of them. What branches of
    /// different modes go to with different kinds is two targets.
    private final LongList symbols = new LongList();
    private final LongList addends = new LongList();
    private final IntList kinds = new IntList();
    private final IntList last = new IntList();
    /// Open addressing: target number plus one, 0 where free.
    private int[] table = new int[1024];

    /// By veneer: its target, the type of the branch that it was made for, its host, how many veneers and how many bytes of them stand between the two, and the veneer before it
    /// that has the same target.
    private final IntList targets = new IntList();
    private final IntList types = new IntList();
    private final IntList hosts = new IntList();
    private final IntList numbers = new IntList();
    private final IntList offsets = new IntList();
    private final IntList previous = new IntList();
    /// By section id: how many veneers stand behind it, and their bytes.
    private final int[] counts;
    private final int[] bytes;
    /// Bytes of room that they do not use.
    private final int[] spare;
    private final Machine machine;

    Slots(Machine machine, int sections) {
        this.machine = machine;
        counts = new int[sections];
        bytes = new int[sections];
        spare = new int[sections];
    }

    /// The number of a target, or -1. Threads may ask while none adds.
    int find(long symbol, long addend, int kind) {
        for (int i = hash(symbol, addend) & table.length - 1; table[i] != 0; i = i + 1 & table.length - 1) {
            int t = table[i] - 1;
            if (symbols.get(t) == symbol && addends.get(t) == addend && kinds.get(t) == kind) {
                return t;
            }
        }
        return -1;
    }

    /// The number of a target, which is new if need be.
    int intern(long symbol, long addend, int kind) {
        int found = find(symbol, addend, kind);
        if (found >= 0) {
            return found;
        }
        symbols.add(symbol);
        addends.add(addend);
        kinds.add(kind);
        last.add(-1);
        if (2 * symbols.size() > table.length) {
            table = new int[2 * table.length];
            for (int t = 0; t < symbols.size(); t++) {
                put(t);
            }
        } else {
            put(symbols.size() - 1);
        }
        return symbols.size() - 1;
    }

    private void put(int target) {
        int i = hash(symbols.get(target), addends.get(target)) & table.length - 1;
        while (table[i] != 0) {
            i = i + 1 & table.length - 1;
        }
        table[i] = target + 1;
    }

    static int hash(long symbol, long addend) {
        long h = (symbol * 0x9e37_79b9_7f4a_7c15L ^ addend) * 0xff51_afd7_ed55_8ccdL;
        return (int) (h >>> 32);
    }

    /// Adds a veneer to a target behind a section.
    /// @param type that of the relocation of the branch which it is for
    void add(int target, int host, int type) {
        types.add(type);
        targets.add(target);
        hosts.add(host);
        numbers.add(counts[host]++);
        offsets.add(bytes[host]);
        int kind = kinds.get(target);
        bytes[host] += machine.veneerSize(kind);
        spare[host] += machine.veneerRoom(kind) - machine.veneerSize(kind);
        previous.add(last.get(target));
        last.set(target, targets.size() - 1);
    }

    int count() {
        return targets.size();
    }

    /// The veneer of a target that was added last; -1 if it has none.
    int last(int target) {
        return last.get(target);
    }

    /// The one before it.
    int previous(int veneer) {
        return previous.get(veneer);
    }

    int type(int veneer) {
        return types.get(veneer);
    }

    int host(int veneer) {
        return hosts.get(veneer);
    }

    /// How many veneers stand between the host and this one.
    int number(int veneer) {
        return numbers.get(veneer);
    }

    /// Bytes of them.
    int offset(int veneer) {
        return offsets.get(veneer);
    }

    /// Bytes of the veneers behind a section.
    int behind(int section) {
        return bytes[section];
    }

    /// Bytes that are left free behind them.
    int spare(int section) {
        return spare[section];
    }

    int kind(int veneer) {
        return kinds.get(targets.get(veneer));
    }

    /// The symbol that a veneer goes to; [Branches#SYMBOL] says how it is written.
    long symbol(int veneer) {
        return symbols.get(targets.get(veneer));
    }

    long addend(int veneer) {
        return addends.get(targets.get(veneer));
    }

    /// The veneers in the order of their sections' ids, and of one section in the order in which they stand.
    int[] inOrder() {
        var first = new int[counts.length + 1];
        for (int s = 0; s < counts.length; s++) {
            first[s + 1] = first[s] + counts[s];
        }
        var order = new int[count()];
        Arrays.fill(order, -1);
        for (int v = 0; v < order.length; v++) {
            order[first[hosts.get(v)] + numbers.get(v)] = v;
        }
        return order;
    }
}
