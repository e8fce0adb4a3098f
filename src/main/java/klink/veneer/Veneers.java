package klink.veneer;

import java.util.Arrays;
import klink.arch.Machine;
import klink.layout.Addresses;
import klink.layout.Sizes;
import klink.mem.IntSort;
import klink.place.Placement;
import klink.report.Finding;
import klink.report.Report;
import klink.resolve.Symbols;

/// The veneers of a link: pieces of code that a branch goes to when its target is out of its reach, and that go on
/// to the target from there. Each stands behind an input section, never inside one. A RISC kernel needs them once
/// its text outgrows a branch: 128 MiB on arm64, 32 MiB on arm and powerpc.
///
///     .text of a.o | veneers | .text of b.o | ...
///        bl far --------^
///
/// The site of a branch asks for the veneer by where it wants to go: several branches share one.
public final class Veneers {
    private final Machine machine;
    private final Standing stand;
    private final Symbols symbols;
    private final Aids aids;
    private final Sizes sizes;
    private final Addresses at;
    private final ErratumScan.Fixes fixes;
    private final Patches patches;
    /// All veneers, in the order of [Slots#inOrder]: by section id, then as they stand.
    private final int[] host;
    private final long[] target;
    private final long[] address;
    private final int[] kind;
    /// By number, bytes from the first veneer behind the same section.
    private final int[] offset;
    /// Their numbers in rising order of target, then of [#place]: a target has several if it is far from some branches twice, thousands if
    /// many symbols share its address.
    private final int[] byTarget;
    /// By number, where the output section begins and ends: no branch of another one goes there.
    private final long[] low;
    private final long[] high;
    private final Labels labels;

    Veneers(Machine machine, Sizes sizes, Addresses at, Symbols symbols, Placement place, Aids aids, Standing stand, ErratumScan.Fixes fixes, Patches patches, Report report) {
        this.machine = machine;
        this.stand = stand;
        this.symbols = symbols;
        this.aids = aids;
        this.sizes = sizes;
        this.at = at;
        this.fixes = fixes;
        this.patches = patches;
        host = stand.host();
        target = stand.goal();
        address = stand.address();
        kind = stand.kind();
        offset = stand.offset();
        low = new long[host.length];
        high = new long[host.length];
        byTarget = new int[host.length];
        for (int i = 0; i < host.length; i++) {
            int out = place.outputOf(host[i]);
            low[i] = at.address(out);
            high[i] = low[i] + at.size(out);
            byTarget[i] = i;
            if (!machine.veneerReaches(kind[i], address[i], stand.through()[i], stand.toc())) {
                report.add(Finding.error("veneer " + (stand.name().apply(i) == null ? "" : stand.name().apply(i) + " ") + "at 0x" + Long.toHexString(address[i]) + " does not reach 0x"
                        + Long.toHexString(target[i])).at("the image is larger than its code can address"));
            }
        }
        IntSort.sort(byTarget, (a, b) -> target[a] != target[b] ? Long.compareUnsigned(target[a], target[b]) : Long.compareUnsigned(place(a), place(b)));
        fixes.check(report);
        labels = Labels.of(machine, place, stand, patches, at, sizes);
    }

    /// Every address of the image, veneers included.
    public Addresses addresses() {
        return at;
    }

    public Sizes sizes() {
        return sizes;
    }

    public Patches patches() {
        return patches;
    }

    /// Their symbols.
    public Labels labels() {
        return labels;
    }

    /// Says how many there are, if any.
    public void report(Report report) {
        if (target.length > 0) {
            report.add(Finding.note(target.length + (target.length > 1 ? " veneers" : " veneer") + " for branches out of reach (-Map shows where)"));
        }
        if (patches.count() > 0) {
            report.add(Finding.note(patches.count() + (patches.count() > 1 ? " patches" : " patch") + " for " + patches.erratum().title() + " (-Map shows where)"));
        }
    }

    /// Whether [#write] has anything to do anywhere.
    public boolean changeCode() {
        return target.length > 0 || !fixes.isEmpty();
    }

    /// Where a branch of `type` at `p` finds a veneer that goes to `goal`, with the mode of the veneer; 0 if there is none in its reach.
    /// @param symbol  what the branch names, as [#symbol] has it: of several that are at one place, that one's veneer is taken if it stands in the group
    /// @param entry   the target's [Machine#localEntry]
    /// @param section id of the section that the branch stands in
    public long find(long goal, long symbol, int entry, long p, int type, int section) {
        if (machine.reach(type) == 0) {
            return 0;
        }
        boolean grouped = stand.groups() != null;
        long back = machine.reachBack(type) + 1;
        long ahead = machine.reach(type) + 1;
        long first = grouped ? stand.groups().of(section) : Long.compareUnsigned(p, back) > 0 ? p - back : 0;
        long last = grouped ? first : Long.compareUnsigned(p, -1 - ahead) < 0 ? p + ahead : -1;
        long other = 0;
        for (int i = lowest(goal, first); i < byTarget.length && target[byTarget[i]] == goal; i++) {
            int v = byTarget[i];
            if (Long.compareUnsigned(place(v), last) > 0) {
                return other;
            }
            long at = address[v] + machine.veneerEntry(kind[v], type) | machine.veneerMode(kind[v]);
            if (p >= low[v] && p < high[v] && machine.veneerServes(kind[v], type, goal, entry, p) && machine.reaches(type, at, p)) {
                if (!grouped || stand.symbol()[v] == symbol) {
                    return at;
                }
                other = other == 0 ? at : other;
            }
        }
        return other;
    }

    /// What a branch names: file and index of the symbol's definition, or `-1 - global` of what the script defines.
    public static long symbol(Symbols symbols, int f, int index) {
        if (index < symbols.file(f).firstGlobal()) {
            return (long) f << 32 | index;
        }
        int g = symbols.global(f, index);
        return symbols.kind(g) == Symbols.SCRIPT ? -1L - g : (long) symbols.definingFile(g) << 32 | symbols.definingSymbol(g);
    }

    /// What tells veneers for one target apart.
    private long place(int v) {
        return stand.groups() != null ? host[v] : address[v];
    }

    /// The first in [#byTarget] for that target that does not stand before `first`, a [#place].
    private int lowest(long goal, long first) {
        int from = 0;
        int to = byTarget.length;
        while (from < to) {
            int mid = from + to >>> 1;
            int v = byTarget[mid];
            int order = Long.compareUnsigned(target[v], goal);
            if (order < 0 || order == 0 && Long.compareUnsigned(place(v), first) < 0) {
                from = mid + 1;
            } else {
                to = mid;
            }
        }
        return from;
    }

    /// Writes what stands behind a section, and changes in the section what an erratum asks for.
    /// @param out holds the relocated section at `to`
    /// @return bytes from the start of the section to the end of its veneers
    public long write(int section, byte[] out, int to) {
        long address = at.addressOfInput(section);
        long extent = sizes.extent(section, address);
        if (stand.groups() != null) {
            return extent;
        }
        int after = (int) sizes.toVeneers(section, address);
        int bytes = 0;
        if (extent != sizes.size(section)) {
            Arrays.fill(out, (int) (to + sizes.size(section)), to + after, (byte) 0);
            for (int i = first(section); i < host.length && host[i] == section; i++) {
                writeOne(i, out, to + after + offset[i]);
                bytes = offset[i] + machine.veneerSize(kind[i]);
            }
            Arrays.fill(out, to + after + bytes, (int) (to + extent), (byte) 0);
        }
        if (!fixes.isEmpty()) {
            fixes.apply(section, out, to, (int) extent);
        }
        return extent;
    }

    /// Writes what stands before a section.
    public void writeAhead(int section, byte[] out, int to) {
        int bytes = sizes.ahead(section);
        Arrays.fill(out, to, to + bytes, (byte) 0);
        for (int i = first(section); i < host.length && host[i] == section; i++) {
            writeOne(i, out, to + offset[i]);
        }
    }

    private void writeOne(int i, byte[] out, int at) {
        if (machine.groupsVeneers() && (kind[i] & Machine.COPY) != 0) {
            aids.write(symbols, stand.symbol()[i], kind[i], out, at);
        } else {
            machine.writeVeneer(kind[i], out, at, address[i], stand.through()[i], stand.toc());
        }
    }

    /// The words that veneers load their targets from: `.branch_lt`.
    public long[] table() {
        return stand.table();
    }

    private int first(int section) {
        int from = 0;
        int to = host.length;
        while (from < to) {
            int mid = from + to >>> 1;
            if (host[mid] < section) {
                from = mid + 1;
            } else {
                to = mid;
            }
        }
        return from;
    }
}
