package klink.veneer;

import java.util.function.Function;
import klink.arch.Machine;
import klink.elf.Elf;
import klink.layout.Addresses;
import klink.layout.Sizes;
import klink.layout.Toc;
import klink.mem.LongList;
import klink.merge.MergedSections;
import klink.par.Par;
import klink.place.OutputSection;
import klink.place.Placement;
import klink.report.Report;
import klink.resolve.Symbols;

/// Finds which branches need a veneer, and where veneers go.
///
/// Addresses decide who needs one, and each one moves what lies behind it. So: assign addresses; find the branches that
/// do not reach their target, nor a veneer that goes there; add a veneer for each; again, until none is found. Veneers
/// are never taken back, and there is at most one for each target behind each section, so this ends. Places are picked
/// such that every branch of the next hundred megabytes reaches them, so two or three rounds are the rule.
///
/// Postcondition: each branch reaches its target or a veneer for it, or no veneer could help and the relocation says so.
public final class Plan {
    private static final int MOST_ROUNDS = 24;

    private final Symbols symbols;
    private final Placement place;
    private final MergedSections merged;
    private final Machine machine;
    private final int threads;
    private final Slots slots;
    /// By output section; null until a branch of it needs a veneer.
    private final Hosts[] hosts;

    private Plan(Symbols symbols, Placement place, MergedSections merged, Machine machine, int threads) {
        this.symbols = symbols;
        this.place = place;
        this.merged = merged;
        this.machine = machine;
        this.threads = threads;
        slots = new Slots(symbols.sectionCount());
        hosts = new Hosts[place.sections().size()];
    }

    /// Assigns addresses with all veneers that they need.
    /// @param assign  addresses from sizes
    /// @param erratum work around Cortex-A53 erratum 843419
    public static Veneers settle(Symbols symbols, Placement place, MergedSections merged, Machine machine, boolean erratum, Sizes sizes,
            Function<Sizes, Addresses> assign, int threads, Report report) {
        var plan = new Plan(symbols, place, merged, machine, threads);
        var scan = new Erratum843419(symbols, place, merged);
        Sizes now = sizes;
        for (int round = 0;; round++) {
            Addresses at = assign.apply(now);
            var branches = new Branches(symbols, place, merged, machine, at);
            boolean grown = plan.grow(branches, at, now);
            Erratum843419.Fixes fixes = erratum ? scan.find(at, threads) : scan.none();
            grown |= fixes.needMore();
            if (!grown || report.errors() > 0 || round == MOST_ROUNDS) {
                if (grown && report.errors() == 0) {
                    report.error("veneers do not settle after " + MOST_ROUNDS + " rounds");
                }
                return new Veneers(machine, Toc.base(symbols, machine, at, merged), now, at, place, plan.slots, branches, fixes, report);
            }
            var bytes = new int[symbols.sectionCount()];
            for (int s = 0; s < bytes.length; s++) {
                bytes[s] = plan.slots.behind(s) * machine.veneerSize();
            }
            scan.reserve(bytes);
            now = sizes.withVeneers(bytes);
        }
    }

    /// Adds veneers for branches that reach neither their target nor a veneer.
    private boolean grow(Branches branches, Addresses at, Sizes sizes) {
        if (!isFar(at)) {
            return false;
        }
        var found = new LongList[symbols.fileCount()];
        var buffers = new long[threads][];
        Par.loop(found.length, threads, (f, w) -> {
            if (buffers[w] == null) {
                buffers[w] = new long[3 * Branches.BLOCK];
            }
            found[f] = unserved(branches.far(f, buffers[w]), at, sizes);
        });
        boolean grown = false;
        for (LongList list : found) {
            for (int i = 0; list != null && i < list.size(); i += Branches.FIELDS) {
                grown |= serve(list, i, at, sizes);
            }
        }
        return grown;
    }

    /// Whether code is spread so wide that a branch may not reach its target.
    private boolean isFar(Addresses at) {
        if (machine.leastReach() == 0) {
            return false;
        }
        long low = -1;
        long high = 0;
        for (OutputSection s : place.sections()) {
            if (at.isKept(s.id()) && (at.flags(s.id()) & Elf.SHF_EXECINSTR) != 0) {
                long start = at.address(s.id());
                low = Long.compareUnsigned(start, low) < 0 ? start : low;
                high = Long.compareUnsigned(start + at.size(s.id()), high) > 0 ? start + at.size(s.id()) : high;
            }
        }
        return high - low > machine.leastReach();
    }

    /// Those for which no veneer of an earlier round stands in reach.
    private LongList unserved(LongList all, Addresses at, Sizes sizes) {
        if (all == null || slots.count() == 0) {
            return all;
        }
        LongList left = null;
        for (int i = 0; i < all.size(); i += Branches.FIELDS) {
            int target = slots.find(all.get(i + Branches.SYMBOL), all.get(i + Branches.ADDEND));
            if (target >= 0 && isServed(target, all, i, at, sizes)) {
                continue;
            }
            left = left == null ? new LongList() : left;
            for (int k = 0; k < Branches.FIELDS; k++) {
                left.add(all.get(i + k));
            }
        }
        return left;
    }

    /// Whether a veneer stands in reach of a branch. Only one of its own output section counts: `.init.text` is gone once
    /// the kernel has started.
    private boolean isServed(int target, LongList list, int i, Addresses at, Sizes sizes) {
        long reach = list.get(i + Branches.REACH);
        int out = place.outputOf((int) list.get(i + Branches.SECTION));
        for (int v = slots.last(target); v >= 0; v = slots.previous(v)) {
            int host = slots.host(v);
            long d = Hosts.end(host, at, sizes) + (long) slots.number(v) * machine.veneerSize() - list.get(i + Branches.PLACE);
            if (d <= reach && d >= -reach - 4 && place.outputOf(host) == out) {
                return true;
            }
        }
        return false;
    }

    private boolean serve(LongList list, int i, Addresses at, Sizes sizes) {
        int target = slots.intern(list.get(i + Branches.SYMBOL), list.get(i + Branches.ADDEND));
        if (isServed(target, list, i, at, sizes)) {
            return false;
        }
        int out = place.outputOf((int) list.get(i + Branches.SECTION));
        if (hosts[out] == null) {
            hosts[out] = new Hosts(symbols, place, machine.veneerSize(), slots, out);
        }
        int host = hosts[out].pick(list.get(i + Branches.PLACE), list.get(i + Branches.REACH), at, sizes);
        if (host < 0) {
            return false; // the relocation will say that it cannot be reached
        }
        slots.add(target, host);
        return true;
    }
}
