package klink.veneer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import klink.arch.Machine;
import klink.elf.Elf;
import klink.input.ObjectFile;
import klink.layout.Addresses;
import klink.layout.Sizes;
import klink.layout.Toc;
import klink.mem.LE;
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
/// such that every branch of the next hundred megabytes reaches them, so two rounds are the rule.
///
/// Postcondition: each branch reaches its target or a veneer for it, or no veneer could help and the relocation says so.
public final class Plan {
    private static final int MOST_ROUNDS = 24;
    /// Bytes left of a branch's reach when a place is picked: what veneers of later rounds may add in between.
    private static final long SLACK = 1 << 20;
    /// Code that runs at another address, or whose size a script asserts: a veneer there is one too many.
    private static final List<String> AVOIDED = List.of(".idmap.text", ".hyp.idmap.text", ".hyp.text", ".head.text", ".entry.text", ".entry.tramp.text",
            ".hibernate_exit.text", ".kexec_relocate.text", ".mmuoff", ".exception.text", ".softirqentry.text", ".irqentry.text", ".noinstr.text");

    private final Symbols symbols;
    private final Placement place;
    private final MergedSections merged;
    private final Machine machine;
    private final int threads;
    private final Map<Integer, List<Target>> hosts = new TreeMap<>();
    private final Map<Target, List<Slot>> slots = new HashMap<>();

    /// Where a branch wants to go, whatever the addresses: a symbol where it is defined, and an addend.
    /// @param symbol link-wide symbol id, or `-1 - global` of a name that the script defines
    record Target(long symbol, long addend) {}

    private record Slot(int host, int number) {}

    /// A branch that does not reach its target.
    private record Far(int section, long p, long reach, Target target) {}

    private Plan(Symbols symbols, Placement place, MergedSections merged, Machine machine, int threads) {
        this.symbols = symbols;
        this.place = place;
        this.merged = merged;
        this.machine = machine;
        this.threads = threads;
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
            boolean grown = plan.grow(at, now);
            Erratum843419.Fixes fixes = erratum ? scan.find(at, threads) : scan.none();
            grown |= fixes.needMore();
            if (!grown || report.errors() > 0 || round == MOST_ROUNDS) {
                if (grown && report.errors() == 0) {
                    report.error("veneers do not settle after " + MOST_ROUNDS + " rounds");
                }
                return new Veneers(machine, Toc.base(symbols, machine, at, merged), now, at, plan.hosts, plan, fixes);
            }
            var bytes = new int[symbols.sectionCount()];
            plan.hosts.forEach((section, list) -> bytes[section] = list.size() * machine.veneerSize());
            scan.reserve(bytes);
            now = sizes.withVeneers(bytes);
        }
    }

    /// Adds veneers for branches that reach neither their target nor a veneer.
    private boolean grow(Addresses at, Sizes sizes) {
        if (!isFar(at)) {
            return false;
        }
        var found = new ArrayList<List<Far>>();
        for (int f = 0; f < symbols.fileCount(); f++) {
            found.add(null);
        }
        Par.loop(symbols.fileCount(), threads, (f, _) -> found.set(f, farBranches(f, at)));
        var places = new HashMap<Integer, int[]>();
        boolean grown = false;
        for (List<Far> list : found) {
            for (Far b : list) {
                grown |= serve(b, at, sizes, places);
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

    private List<Far> farBranches(int f, Addresses at) {
        ObjectFile file = symbols.file(f);
        var found = new ArrayList<Far>();
        for (int rel = 1; rel < file.sectionCount(); rel++) {
            int section = symbols.firstSection(f) + file.info(rel);
            if (file.type(rel) != Elf.SHT_RELA || !place.isPlaced(section) || (file.flags(file.info(rel)) & Elf.SHF_EXECINSTR) == 0) {
                continue;
            }
            long n = file.size(rel) / Elf.RELA_SIZE;
            long base = at.addressOfInput(section);
            for (long i = 0, e = file.fileOffset(rel); i < n; i++, e += Elf.RELA_SIZE) {
                long info = LE.i64(file.segment(), e + 8);
                long reach = machine.reach((int) info);
                int symbol = (int) (info >>> 32);
                if (reach == 0 || symbol < 0 || symbol >= file.symbolCount()) {
                    continue;
                }
                Target target = target(f, symbol, LE.i64(file.segment(), e + 16));
                long p = base + LE.i64(file.segment(), e);
                long d = target == null ? 0 : address(target, at) - p + (machine.callsLocalEntry((int) info) ? localEntry(f, symbol) : 0);
                if (d > reach || d < -reach - 4) {
                    found.add(new Far(section, p, reach, target));
                }
            }
        }
        return found;
    }

    private int localEntry(int f, int symbol) {
        ObjectFile file = symbols.file(f);
        if (symbol < file.firstGlobal()) {
            return machine.localEntry(file.symbolOther(symbol));
        }
        int g = symbols.global(f, symbol);
        boolean defined = symbols.kind(g) == Symbols.DEFINED || symbols.kind(g) == Symbols.DEFINED_WEAK;
        return defined ? machine.localEntry(symbols.file(symbols.definingFile(g)).symbolOther(symbols.definingSymbol(g))) : 0;
    }

    /// Null for what is undefined: a call of nothing, or an error that is reported elsewhere.
    private Target target(int f, int symbol, long addend) {
        ObjectFile file = symbols.file(f);
        if (symbol < file.firstGlobal()) {
            return place.isPlaced(symbols.firstSection(f) + Math.max(0, file.symbolSection(symbol))) ? new Target(symbols.firstSymbol(f) + symbol, addend) : null;
        }
        int g = symbols.global(f, symbol);
        return switch (symbols.kind(g)) {
            case Symbols.SCRIPT -> new Target(-1L - g, addend);
            case Symbols.DEFINED, Symbols.DEFINED_WEAK -> new Target(symbols.firstSymbol(symbols.definingFile(g)) + symbols.definingSymbol(g), addend);
            default -> null;
        };
    }

    /// The address of a target.
    long address(Target t, Addresses at) {
        if (t.symbol < 0) {
            return at.scriptAddress((int) (-1 - t.symbol)) + t.addend;
        }
        int id = (int) t.symbol;
        int low = 0;
        int high = symbols.fileCount();
        while (high - low > 1) {
            int mid = low + high >>> 1;
            if (symbols.firstSymbol(mid) <= id) {
                low = mid;
            } else {
                high = mid;
            }
        }
        return at.symbolAddress(low, id - symbols.firstSymbol(low), merged) + t.addend;
    }

    private boolean serve(Far b, Addresses at, Sizes sizes, Map<Integer, int[]> places) {
        for (Slot s : slots.getOrDefault(b.target, List.of())) {
            long d = end(s.host, at, sizes) + (long) s.number * machine.veneerSize() - b.p;
            if (d <= b.reach && d >= -b.reach - 4 && outputOf(s.host) == outputOf(b.section)) {
                return false;
            }
        }
        int host = host(b, at, sizes, places);
        if (host < 0) {
            return false; // the relocation will say that it cannot be reached
        }
        List<Target> list = hosts.computeIfAbsent(host, _ -> new ArrayList<>());
        slots.computeIfAbsent(b.target, _ -> new ArrayList<>()).add(new Slot(host, list.size()));
        list.add(b.target);
        return true;
    }

    /// A branch uses veneers of its own output section only: `.init.text` is gone once the kernel has started.
    int outputOf(int section) {
        return place.outputOf(section);
    }

    private long end(int section, Addresses at, Sizes sizes) {
        return at.addressOfInput(section) + (sizes.size(section) + 3 & -4L);
    }

    /// A section behind which a veneer for this branch can stand: one that has some already, else the last that it reaches.
    private int host(Far b, Addresses at, Sizes sizes, Map<Integer, int[]> places) {
        for (Map.Entry<Integer, List<Target>> h : hosts.entrySet()) {
            long d = end(h.getKey(), at, sizes) + (long) h.getValue().size() * machine.veneerSize() - b.p;
            if (d <= b.reach - SLACK && d >= -b.reach + SLACK && place.outputOf(h.getKey()) == place.outputOf(b.section)) {
                return h.getKey();
            }
        }
        int[] all = places.computeIfAbsent(place.outputOf(b.section), this::places);
        int low = 0;
        int high = all.length;
        while (low < high) {
            int mid = low + high >>> 1;
            if (end(all[mid], at, sizes) - b.p <= b.reach - SLACK) {
                low = mid + 1;
            } else {
                high = mid;
            }
        }
        return low > 0 && end(all[low - 1], at, sizes) - b.p >= -b.reach + SLACK ? all[low - 1] : -1;
    }

    /// Names with the exception vectors' suffixes too, and powerpc's alternative code: where it is copied, the kernel takes a branch to
    /// just behind it for one within it (arch/powerpc/lib/feature-fixups.c).
    private static boolean isAvoided(String name) {
        return AVOIDED.contains(name) || name.startsWith(".head.text.") || name.startsWith("__ftr_alt_");
    }

    /// The sections of an output section that veneers may stand behind, in order of address.
    private int[] places(int out) {
        int[] all = place.inputsOf(place.sections().get(out));
        int n = 0;
        for (int section : all) {
            int f = symbols.fileOfSection(section);
            ObjectFile file = symbols.file(f);
            int ndx = section - symbols.firstSection(f);
            if (!file.isSynthetic() && file.type(ndx) == Elf.SHT_PROGBITS && (file.flags(ndx) & Elf.SHF_EXECINSTR) != 0 && file.size(ndx) > 0
                    && !isAvoided(file.sectionName(ndx))) {
                all[n++] = section;
            }
        }
        return Arrays.copyOf(all, n);
    }
}
