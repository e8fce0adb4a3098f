package klink.veneer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import klink.arch.Machine;
import klink.arch.Ppc64;
import klink.elf.Elf;
import klink.layout.Addresses;
import klink.layout.Sizes;
import klink.layout.Toc;
import klink.mem.IntSort;
import klink.mem.LongList;
import klink.merge.MergedSections;
import klink.par.Par;
import klink.place.OutputSection;
import klink.place.Placement;
import klink.report.Report;
import klink.resolve.ChainOrder;
import klink.resolve.Symbols;

/// Plans veneers as GNU ld does on powerpc, so that a kernel of a size that it can link too is the same. They stand before a group of sections
/// ([Groups]), in the order of GNU ld's table of their names, and are of two kinds: a branch, where that reaches from there, else
///
///     addis r12,r2,word@toc@ha; ld r12,word@toc@l(r12); mtctr r12; bctr
///
/// with the word in `.branch_lt`, which moves with the image. As in [Plan] addresses are assigned until nothing changes; veneers are never
/// taken back. Where groups do not do, as one more veneer had put those of a group out of reach, [Plan] finds places.
final class GroupPlan {
    private static final int MOST_ROUNDS = 20;
    /// Code of a larger image than this is [Plan]'s at once.
    private static final long MOST_CODE = 64 << 20;
    private static final int STUB_ALIGN = 32;

    private final Symbols symbols;
    private final Placement place;
    private final MergedSections merged;
    private final Machine machine;
    private final int made;
    private final int tableSection;
    private final int threads;
    private final Slots slots;
    private Groups groups;
    /// By veneer: how it stands.
    private int[] kinds = {};
    private int[] offsets = {};
    private int[] words = {};
    private int wordCount;
    private boolean fails;

    GroupPlan(Symbols symbols, Placement place, MergedSections merged, Machine machine, int made, int tableSection, int threads) {
        this.symbols = symbols;
        this.place = place;
        this.merged = merged;
        this.machine = machine;
        this.made = made;
        this.tableSection = tableSection;
        this.threads = threads;
        slots = new Slots(machine, symbols.sectionCount());
    }

    /// Whether an image is of a size for groups.
    static boolean suits(Placement place, Addresses at) {
        long code = 0;
        for (OutputSection s : place.sections()) {
            code += at.isKept(s.id()) && (at.flags(s.id()) & Elf.SHF_EXECINSTR) != 0 ? at.size(s.id()) : 0;
        }
        return code < MOST_CODE;
    }

    /// How many words `.branch_lt` has at these addresses.
    int foresee(Addresses early, Sizes sizes) {
        round(early, sizes);
        return fails ? 0 : wordCount;
    }

    /// Assigns addresses with all veneers; null if groups do not do.
    Veneers settle(Sizes sizes, Function<Sizes, Addresses> assign, Patches patches, Report report) {
        Sizes now = sizes.withAhead(null); // without those of a try with fewer words
        for (int round = 0; round < MOST_ROUNDS && !fails; round++) {
            Addresses at = assign.apply(now);
            if (!suits(place, at)) {
                return null;
            }
            int[] before = stamp();
            var branches = round(at, now);
            if (Arrays.equals(before, stamp()) || report.errors() > 0) {
                return new Veneers(machine, now, at, place, standing(branches, at, now), new Erratum843419(symbols, place, merged, patches).none(), patches, report);
            }
            now = sizes.withAhead(ahead());
        }
        return null;
    }

    /// All that addresses depend on.
    private int[] stamp() {
        var all = Arrays.copyOf(offsets, 2 * offsets.length + 1);
        System.arraycopy(kinds, 0, all, offsets.length, kinds.length);
        all[2 * offsets.length] = wordCount;
        return all;
    }

    private Branches round(Addresses at, Sizes sizes) {
        groups = groups == null ? new Groups(symbols, place, machine, at, made, threads) : groups;
        var branches = new Branches(symbols, place, merged, machine, at, sizes, slots);
        var found = new LongList[symbols.fileCount()];
        var desks = new Branches.Desk[threads];
        Par.loop(found.length, threads, (f, w) -> {
            desks[w] = desks[w] == null ? new Branches.Desk() : desks[w];
            found[f] = branches.leaving(f, groups, desks[w]);
        });
        for (LongList list : found) {
            for (int i = 0; list != null && i < list.size(); i += Branches.FIELDS) {
                int host = groups.of((int) list.get(i + Branches.SECTION));
                int kind = machine.veneerKind((int) list.get(i + Branches.TYPE), 0);
                fails |= kind != 0; // code without a table of contents cannot look there
                int target = slots.intern(list.get(i + Branches.SYMBOL), list.get(i + Branches.ADDEND), kind);
                int v = standsBefore(target, host);
                if (v < 0) {
                    slots.add(target, host);
                } else if (v < offsets.length) {
                    long p = list.get(i + Branches.PLACE);
                    long stub = at.lead(host) + offsets[v];
                    fails |= sizes.ahead(host) > 0 && !machine.reaches((int) list.get(i + Branches.TYPE), stub, p);
                }
            }
        }
        arrange(branches, at);
        return branches;
    }

    private int standsBefore(int target, int host) {
        int v = slots.last(target);
        while (v >= 0 && slots.host(v) != host) {
            v = slots.previous(v);
        }
        return v;
    }

    /// Gives each veneer its kind and its place before its section.
    private void arrange(Branches branches, Addresses at) {
        int n = slots.count();
        kinds = new int[n];
        offsets = new int[n];
        words = new int[n];
        wordCount = 0;
        var ends = new int[symbols.sectionCount()];
        Map<String, Integer> known = new HashMap<>();
        long toc = Toc.base(symbols, machine, at, merged);
        long table = tableSection < 0 || at.offset(tableSection) < 0 ? toc : at.addressOfInput(tableSection);
        var ids = ids(branches);
        for (int v : inTableOrder(ids)) {
            int host = slots.host(v);
            long p = at.lead(host) + ends[host];
            long d = branches.local(v) - p;
            if (d + (1 << 25) >>> 26 == 0) {
                kinds[v] = Ppc64.LONG_BRANCH;
            } else {
                ends[host] = ends[host] + STUB_ALIGN - 1 & -STUB_ALIGN;
                String key = ids.get(v).substring(9);
                if (known.putIfAbsent(key, wordCount) == null) {
                    wordCount++;
                }
                words[v] = known.get(key);
                fails |= tableSection < 0 || !place.isPlaced(tableSection);
                kinds[v] = table + 8L * words[v] - toc + 0x8000 >>> 16 == 0 ? Ppc64.NEAR_WORD_BRANCH : Ppc64.WORD_BRANCH;
            }
            offsets[v] = ends[host];
            ends[host] += machine.veneerSize(kinds[v]);
        }
    }

    /// GNU ld's keys: `GROUP.NAME` or `GROUP.SECTION:SYMBOL`, and `+ADDEND` where that is not 0.
    private List<String> ids(Branches branches) {
        var ids = new ArrayList<String>();
        for (int v = 0; v < slots.count(); v++) {
            long symbol = slots.symbol(v);
            String target;
            if (symbol >= 0 && (int) symbol < symbols.file((int) (symbol >>> 32)).firstGlobal()) {
                int f = (int) (symbol >>> 32);
                int section = symbols.file(f).symbolSection((int) symbol);
                target = Integer.toHexString(section > 0 ? groups.number(symbols.firstSection(f) + section) : 0) + ":" + Integer.toHexString((int) symbol);
            } else {
                target = branches.name(v);
            }
            String addend = (int) slots.addend(v) == 0 ? "" : "+" + Integer.toHexString((int) slots.addend(v));
            ids.add(HexFormat.of().toHexDigits(groups.number(slots.host(v))) + "." + target + addend);
        }
        return ids;
    }

    private static int[] inTableOrder(List<String> ids) {
        var chains = new long[ids.size()];
        var order = new int[ids.size()];
        int size = ChainOrder.size(ids.size());
        for (int i = 0; i < order.length; i++) {
            byte[] name = ids.get(i).getBytes(java.nio.charset.StandardCharsets.UTF_8);
            chains[i] = ChainOrder.chain(name, 0, name.length, size);
            order[i] = i;
        }
        IntSort.sort(order, (a, b) -> chains[a] != chains[b] ? Long.compare(chains[a], chains[b]) : Integer.compare(b, a));
        return order;
    }

    private int[] ahead() {
        var bytes = new int[symbols.sectionCount()];
        for (int v = 0; v < offsets.length; v++) {
            int end = offsets[v] + machine.veneerSize(kinds[v]) + STUB_ALIGN - 1 & -STUB_ALIGN;
            bytes[slots.host(v)] = Math.max(bytes[slots.host(v)], end);
        }
        return bytes;
    }

    private Standing standing(Branches branches, Addresses at, Sizes sizes) {
        int n = slots.count();
        var order = new int[n];
        for (int v = 0; v < n; v++) {
            order[v] = v;
        }
        IntSort.sort(order, (a, b) -> slots.host(a) != slots.host(b) ? Integer.compare(slots.host(a), slots.host(b)) : Integer.compare(offsets[a], offsets[b]));
        var host = new int[n];
        var goal = new long[n];
        var address = new long[n];
        var through = new long[n];
        var kind = new int[n];
        var offset = new int[n];
        var table = new long[wordCount];
        List<String> ids = ids(branches);
        for (int i = 0; i < n; i++) {
            int v = order[i];
            host[i] = slots.host(v);
            goal[i] = branches.target(v);
            address[i] = at.lead(host[i]) + offsets[v];
            kind[i] = kinds[v];
            offset[i] = offsets[v];
            boolean direct = kind[i] == Ppc64.LONG_BRANCH;
            through[i] = direct ? branches.local(v) : at.addressOfInput(tableSection) + 8L * words[v];
            if (!direct) {
                table[words[v]] = branches.local(v);
            }
        }
        return new Standing(host, goal, address, through, kind, offset, i -> {
            String id = ids.get(order[i]);
            return id.substring(0, 9) + (kind[i] == Ppc64.LONG_BRANCH ? "long_branch" : "plt_branch") + id.substring(8);
        }, groups, table, Toc.base(symbols, machine, at, merged));
    }
}
