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
    /// By file: branches that may need a veneer while no target is farther from its branch, by [#slack], than where `seen` has it.
    private final LongList[] watched;
    private Addresses seen;

    private Plan(Symbols symbols, Placement place, MergedSections merged, Machine machine, int threads) {
        this.symbols = symbols;
        this.place = place;
        this.merged = merged;
        this.machine = machine;
        this.threads = threads;
        slots = new Slots(machine, symbols.sectionCount());
        hosts = new Hosts[place.sections().size()];
        watched = new LongList[symbols.fileCount()];
    }

    /// Assigns addresses with all veneers that they need.
    /// @param assign  addresses from sizes
    /// @param foreseen the patches for an erratum that an early layout showed
    /// @param dynamic  see [Patches]
    public static Veneers settle(Symbols symbols, Placement place, MergedSections merged, Machine machine, Erratum erratum, Patches foreseen, int dynamic, Sizes sizes,
            Aids aids, Function<Sizes, Addresses> assign, int threads, Report report) {
        if (machine.groupsVeneers() && aids.table() >= 0) {
            var grouped = new GroupPlan(symbols, place, merged, machine, dynamic, aids, threads).settle(sizes, assign, report);
            if (grouped != null) {
                return grouped;
            }
        }
        var plan = new Plan(symbols, place, merged, machine, threads);
        var scan = ErratumScan.of(erratum, symbols, place, merged, machine, foreseen);
        Sizes now = plan.sized(sizes, scan);
        for (int round = 0;; round++) {
            Addresses at = assign.apply(now);
            var branches = new Branches(symbols, place, merged, machine, at, now, plan.slots, aids);
            boolean grown = plan.grow(branches, at, now);
            ErratumScan.Fixes fixes = scan.find(at, now, threads);
            grown |= fixes.needMore();
            if (!grown || report.errors() > 0 || round == MOST_ROUNDS) {
                if (grown && report.errors() == 0) {
                    report.error("veneers do not settle after " + MOST_ROUNDS + " rounds");
                }
                return new Veneers(machine, now, at, symbols, place, aids, Standing.behind(machine, plan.slots, branches, at, now, Toc.base(symbols, machine, at, merged)), fixes, scan.patches(dynamic), report);
            }
            now = plan.sized(sizes, scan);
        }
    }

    /// Addresses without veneers, for a relocatable link: its sections have no addresses yet, so what is far is for the final link to say.
    public static Veneers none(Symbols symbols, Placement place, MergedSections merged, Machine machine, Sizes sizes,
            Function<Sizes, Addresses> assign, Report report) {
        var slots = new Slots(machine, symbols.sectionCount());
        Addresses at = assign.apply(sizes);
        var branches = new Branches(symbols, place, merged, machine, at, sizes, slots, Aids.NONE);
        return new Veneers(machine, sizes, at, symbols, place, Aids.NONE, Standing.behind(machine, slots, branches, at, sizes, 0), ErratumScan.Fixes.NONE, Patches.none(), report);
    }

    /// The sizes with all that stands behind sections so far.
    private Sizes sized(Sizes sizes, ErratumScan scan) {
        if (slots.count() == 0 && scan.isEmpty()) {
            return sizes;
        }
        var bytes = new int[symbols.sectionCount()];
        for (int s = 0; s < bytes.length; s++) {
            bytes[s] = slots.behind(s);
        }
        scan.reserve(sizes, bytes);
        for (int s = 0; s < bytes.length; s++) {
            bytes[s] += slots.spare(s);
        }
        return sizes.withVeneers(bytes, machine.veneerAlignment());
    }

    /// How many words veneers will have, where they have such.
    /// @param dynamic how many sections GNU ld makes for a moving image: names of veneers count them, and so say in which order they stand
    /// @param early   addresses, but for what veneers move
    public static int foreseeWords(Symbols symbols, Placement place, MergedSections merged, Machine machine, int dynamic, Aids aids, Addresses early, Sizes sizes, int threads) {
        return !machine.groupsVeneers() || aids.table() < 0 || !GroupPlan.suits(place, early) ? 0
                : new GroupPlan(symbols, place, merged, machine, dynamic, aids, threads).foresee(early, sizes);
    }

    /// Adds veneers for branches that reach neither their target nor a veneer.
    private boolean grow(Branches branches, Addresses at, Sizes sizes) {
        if (!isFar(at)) {
            return false;
        }
        var found = new LongList[symbols.fileCount()];
        var desks = new Branches.Desk[threads];
        boolean anew = seen == null || branches.stretch(seen) > slack();
        seen = anew ? at : seen;
        Par.loop(found.length, threads, (f, w) -> {
            desks[w] = desks[w] == null ? new Branches.Desk() : desks[w];
            found[f] = anew ? branches.far(f, slack(), watched, desks[w]) : branches.far(f, watched[f], desks[w]);
        });
        boolean grown = false;
        for (LongList list : found) {
            for (int i = 0; list != null && i < list.size(); i += Branches.FIELDS) {
                grown |= serve(branches, list, i, at, sizes);
            }
        }
        return grown;
    }

    /// How far off the mark the addresses of a round may be before all branches are looked at again: 27,000 veneers of an image of
    /// 250 MB take a twentieth of that.
    private long slack() {
        return machine.leastReach() / 16;
    }

    /// Whether code is spread so wide that a branch may not reach its target, or is of different modes.
    private boolean isFar(Addresses at) {
        if (machine.leastReach() == 0 || machine.helpsNear()) {
            return machine.helpsNear();
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

    private boolean serve(Branches branches, LongList list, int i, Addresses at, Sizes sizes) {
        int type = (int) list.get(i + Branches.TYPE);
        long symbol = list.get(i + Branches.SYMBOL);
        int target = slots.intern(symbol, list.get(i + Branches.ADDEND), branches.kind(type, symbol, list.get(i + Branches.ADDEND), list.get(i + Branches.PLACE)));
        int section = (int) list.get(i + Branches.SECTION);
        if (branches.isServed(target, section, list.get(i + Branches.PLACE), type)) {
            return false;
        }
        int out = place.outputOf(section);
        if (hosts[out] == null) {
            hosts[out] = new Hosts(symbols, place, slots, out);
        }
        int host = hosts[out].pick(list.get(i + Branches.PLACE), machine.reach(type), machine.reachBack(type) - 4, at, sizes);
        if (host < 0) {
            return false; // the relocation will say that it cannot be reached
        }
        slots.add(target, host, type);
        return true;
    }
}
