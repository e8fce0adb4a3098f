package klink.layout;

import klink.elf.Elf;
import klink.resolve.Symbols;
import klink.script.Command;
import klink.script.Value;

/// Gives the script's symbols their sections once the walk is final.
///
/// A symbol set from `.` between output sections is absolute while the script runs, yet it must move
/// with the image under KASLR and is listed by kallsyms only if it is not absolute. [Value] states
/// GNU ld's rule for it. A symbol inside an output section that turned out empty and was left out goes
/// to a kept neighbour (bfd/section.c, _bfd_nearby_section).
final class DotSections {
    private final Symbols symbols;
    private final Addresses now;
    /// By number of the script's symbol: 0 nothing to do, else 1 + the section rule's answer below.
    private final int[] beforeStep;
    private final boolean[] fromDot;
    private final boolean[] preferNext;
    private int current = -1;
    private int passed = -1;
    private boolean prefer;
    private boolean endSeen;

    DotSections(Symbols symbols, Addresses now) {
        this.symbols = symbols;
        this.now = now;
        beforeStep = new int[now.scripts.count()];
        fromDot = new boolean[now.scripts.count()];
        preferNext = new boolean[now.scripts.count()];
    }

    /// @param matters it is in the image, or it set a symbol although it is not
    void passed(int out, boolean matters) {
        passed = out;
        if (matters && isAlloc(out)) {
            current = out;
            prefer = false;
        }
    }

    void assigned(Command.Assign a) {
        if (a.toDot()) {
            prefer = true;
        }
    }

    /// Notes where an assignment stood.
    /// @param i number of the script's symbol `g`
    void symbol(int g, int i, Value v, boolean between) {
        fromDot[i] = between && v.fromDot() && v.section() == Value.ABSOLUTE;
        if (fromDot[i]) {
            String name = symbols.names().name(g);
            int start = 0;
            while (start < name.length() && name.charAt(start) == '_') {
                start++;
            }
            endSeen |= name.substring(start).equals("end");
            preferNext[i] = prefer && !(endSeen && current >= 0);
            beforeStep[i] = preferNext[i] ? passed + 1 : current;
        }
    }

    void settle() {
        for (int i = 0; i < fromDot.length; i++) {
            int s = now.scriptSection[i];
            if (fromDot[i]) {
                int to = preferNext[i] || beforeStep[i] < 0 ? nextFrom(Math.max(0, beforeStep[i]))
                        : now.kept[beforeStep[i]] ? beforeStep[i] : lastBefore(beforeStep[i]);
                to = to < 0 ? nextFrom(0) : to;
                if (to >= 0) {
                    now.scriptSection[i] = to;
                    now.scriptValue[i] -= now.vma[to];
                }
            } else if (s >= 0 && !now.kept[s]) {
                long address = now.vma[s] + now.scriptValue[i];
                int to = nearby(now, s, address);
                now.scriptSection[i] = to;
                now.scriptValue[i] = to >= 0 ? address - now.vma[to] : address;
            }
        }
    }

    private boolean isAlloc(int out) {
        return isAlloc(now, out);
    }

    private static boolean isAlloc(Addresses now, int out) {
        return (now.flags[out] & Elf.SHF_ALLOC) != 0;
    }

    private boolean attracts(int out) {
        return now.kept[out] && isAlloc(out) && (now.flags[out] & Elf.SHF_TLS) == 0;
    }

    private int nextFrom(int from) {
        for (int i = from; i < now.n; i++) {
            if (now.kept[i]) {
                return attracts(i) ? i : lastBefore(i);
            }
        }
        return lastBefore(now.n);
    }

    private int lastBefore(int end) {
        for (int i = end - 1; i >= 0; i--) {
            if (attracts(i)) {
                return i;
            }
        }
        return -1;
    }

    /// The kept section that a symbol of a removed one goes to.
    static int nearby(Addresses now, int gone, long address) {
        int previous = gone - 1;
        while (previous >= 0 && !now.kept[previous]) {
            previous--;
        }
        int next = gone + 1;
        while (next < now.n && !now.kept[next]) {
            next++;
        }
        if (next == now.n) {
            return previous;
        }
        if (previous < 0) {
            return next;
        }
        boolean toPrevious;
        long differ = now.flags[previous] ^ now.flags[next];
        long wanted = now.flags[gone] | (now.section(gone).hasInputs() ? 0 : Elf.SHF_WRITE);
        boolean loadedPrevious = isAlloc(now, previous) && now.type[previous] != Elf.SHT_NOBITS;
        boolean loadedNext = isAlloc(now, next) && now.type[next] != Elf.SHT_NOBITS;
        if ((differ & (Elf.SHF_ALLOC | Elf.SHF_TLS)) != 0 || loadedPrevious != loadedNext) {
            toPrevious = ((now.flags[next] ^ wanted) & (Elf.SHF_ALLOC | Elf.SHF_TLS)) != 0 || loadedPrevious && !loadedNext;
        } else if ((differ & Elf.SHF_WRITE) != 0) {
            toPrevious = ((now.flags[next] ^ wanted) & Elf.SHF_WRITE) != 0;
        } else if ((differ & Elf.SHF_EXECINSTR) != 0) {
            toPrevious = ((now.flags[next] ^ wanted) & Elf.SHF_EXECINSTR) != 0;
        } else {
            toPrevious = Long.compareUnsigned(address, now.vma[next]) < 0;
        }
        return toPrevious ? previous : next;
    }

}
