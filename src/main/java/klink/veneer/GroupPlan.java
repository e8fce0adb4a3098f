package klink.veneer;

import static klink.arch.Ppc64Veneers.*;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import klink.arch.Machine;
import klink.elf.Elf;
import klink.input.ObjectFile;
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
/// with the word in `.branch_lt`, which moves with the image. What code without r2 calls is another matter ([klink.arch.Ppc64Veneers]): where objects have Power10 code such
/// veneers stand beside those of other code for the same target, else one serves both. As in [Plan] addresses are assigned until nothing changes; veneers are never
/// taken back. Where groups do not do, as one more veneer had put those of a group out of reach, [Plan] finds places.
final class GroupPlan {
    private static final int MOST_ROUNDS = 20;
    /// Code of a larger image than this is [Plan]'s at once.
    private static final long MOST_CODE = 64 << 20;
    private static final int STUB_ALIGN = 32;
    /// The kind that [Slots] keeps of what code without r2 calls, where veneers for that stand apart.
    private static final int PLAIN = PLACE_BRANCH;

    private final Symbols symbols;
    private final Placement place;
    private final MergedSections merged;
    private final Machine machine;
    private final int made;
    private final int tableSection;
    private final Aids aids;
    private final int threads;
    private final Slots slots;
    private Groups groups;
    /// By veneer: how it stands.
    private int[] kinds = {};
    private int[] offsets = {};
    private int[] words = {};
    /// By veneer: whether code calls it that has no r2, and whether r2 is to be saved for code that has.
    private final BitSet plain = new BitSet();
    private final BitSet saves = new BitSet();
    private int wordCount;
    private boolean fails;

    GroupPlan(Symbols symbols, Placement place, MergedSections merged, Machine machine, int made, Aids aids, int threads) {
        this.symbols = symbols;
        this.place = place;
        this.merged = merged;
        this.machine = machine;
        this.made = made;
        this.aids = aids;
        tableSection = aids.table();
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
    Veneers settle(Sizes sizes, Function<Sizes, Addresses> assign, Report report) {
        Sizes now = sizes.withAhead(null); // without those of a try with fewer words
        for (int round = 0; round < MOST_ROUNDS && !fails; round++) {
            Addresses at = assign.apply(now);
            if (!suits(place, at)) {
                return null;
            }
            int[] before = stamp();
            var branches = round(at, now);
            if (Arrays.equals(before, stamp()) || report.errors() > 0) {
                return new Veneers(machine, now, at, symbols, place, aids, standing(branches, at, now), ErratumScan.Fixes.NONE, Patches.none(), report);
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
        var branches = new Branches(symbols, place, merged, machine, at, sizes, slots, aids);
        var found = new LongList[symbols.fileCount()];
        var desks = new Branches.Desk[threads];
        Par.loop(found.length, threads, (f, w) -> {
            desks[w] = desks[w] == null ? new Branches.Desk() : desks[w];
            found[f] = branches.leaving(f, groups, desks[w]);
        });
        for (LongList list : found) {
            for (int i = 0; list != null && i < list.size(); i += Branches.FIELDS) {
                int host = groups.of((int) list.get(i + Branches.SECTION));
                long symbol = list.get(i + Branches.SYMBOL);
                if (aids.isCopied(symbol)) {
                    copyAll(host);
                    continue;
                }
                int type = (int) list.get(i + Branches.TYPE);
                boolean isPlain = machine.isPlain(type);
                int target = slots.intern(symbol, list.get(i + Branches.ADDEND), isPlain && groups.havePrefixes() ? PLAIN : 0);
                int v = standsBefore(target, host);
                if (v < 0) {
                    v = slots.count();
                    slots.add(target, host, type);
                } else if (v < offsets.length) {
                    long p = list.get(i + Branches.PLACE);
                    long stub = at.lead(host) + offsets[v] + machine.veneerEntry(kinds[v], type);
                    fails |= sizes.ahead(host) > 0 && !machine.reaches(type, stub, p);
                }
                plain.set(v, plain.get(v) || isPlain);
                saves.set(v, saves.get(v) || !machine.agrees(type, branches.entry(symbol)) && !isPlain);
            }
        }
        arrange(branches, at);
        return branches;
    }

    /// Has the functions that save and restore registers stand among the veneers of a group.
    private void copyAll(int host) {
        ObjectFile file = symbols.file(aids.copied());
        for (int i = 1; i < file.symbolCount(); i++) {
            int target = slots.intern((long) aids.copied() << 32 | i, 0, aids.kind(file, i));
            if (file.symbolSection(i) > 0 && standsBefore(target, host) < 0) {
                slots.add(target, host, 0);
            }
        }
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
            if (aids.isCopied(slots.symbol(v))) {
                continue;
            }
            int saving = saves.get(v) ? SAVES : 0;
            long p = at.lead(host) + ends[host];
            long target = plain.get(v) ? branches.target(v) : branches.local(v);
            kinds[v] = saving | (plain.get(v) ? plainKind(p, target - (saving != 0 ? 4 : 0)) : LONG_BRANCH);
            if (!machine.veneerReaches(kinds[v], p, target, toc)) {
                ends[host] = ends[host] + STUB_ALIGN - 1 & -STUB_ALIGN;
                kinds[v] = saving | (groups.havePrefixes() ? PLACE_FAR : LINK_FAR);
                if (!plain.get(v)) {
                    String key = ids.get(v).substring(9);
                    if (known.putIfAbsent(key, wordCount) == null) {
                        wordCount++;
                    }
                    words[v] = known.get(key);
                    fails |= tableSection < 0 || !place.isPlaced(tableSection);
                    kinds[v] = saving | (table + 8L * words[v] - toc + 0x8000 >>> 16 == 0 ? NEAR_WORD_BRANCH : WORD_BRANCH);
                }
            }
            offsets[v] = ends[host];
            ends[host] += machine.veneerSize(kinds[v]);
        }
        for (int v = 0; v < n; v++) {
            if (aids.isCopied(slots.symbol(v))) { // all end where the veneers do
                int end = ends[slots.host(v)] + aids.code().length + STUB_ALIGN - 1 & -STUB_ALIGN;
                offsets[v] = end - aids.code().length + (int) symbols.file(aids.copied()).symbolValue((int) slots.symbol(v));
                kinds[v] = slots.kind(v);
            }
        }
    }

    /// How a veneer for code without r2 is that a branch ends.
    private int plainKind(long p, long target) {
        long d = target - p - 8;
        return groups.havePrefixes() ? (p & 4) != 0 ? PLACE_LONG_ODD : PLACE_LONG : d == (short) d ? LINK_NEAR : LINK_LONG;
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

    /// In GNU ld's table, where the second veneer of one name stands beside the first: that of code without r2, then the other.
    private int[] inTableOrder(List<String> ids) {
        var firstOf = new HashMap<String, Integer>();
        var first = new int[ids.size()];
        for (int i = 0; i < first.length; i++) {
            Integer known = firstOf.putIfAbsent(ids.get(i), i);
            first[i] = known == null ? i : known;
        }
        var chains = new long[ids.size()];
        var order = new int[ids.size()];
        int size = ChainOrder.size(firstOf.size());
        for (int i = 0; i < order.length; i++) {
            byte[] name = ids.get(i).getBytes(java.nio.charset.StandardCharsets.UTF_8);
            chains[i] = ChainOrder.chain(name, 0, name.length, size);
            order[i] = i;
        }
        IntSort.sort(order, (a, b) -> chains[a] != chains[b] ? Long.compare(chains[a], chains[b])
                : first[a] != first[b] ? Integer.compare(first[b], first[a]) : Boolean.compare(plain.get(b), plain.get(a)));
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
        var symbol = new long[n];
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
            symbol[i] = slots.symbol(v);
            goal[i] = branches.target(v);
            address[i] = at.lead(host[i]) + offsets[v];
            kind[i] = kinds[v];
            offset[i] = offsets[v];
            boolean direct = aids.isCopied(symbol[i]) || isDirect(kind[i]);
            through[i] = direct ? plain.get(v) ? branches.target(v) : branches.local(v) : at.addressOfInput(tableSection) + 8L * words[v];
            if (!direct) {
                table[words[v]] = branches.local(v);
            }
        }
        var names = new String[n];
        var taken = new HashSet<String>();
        for (int v : inTableOrder(ids)) {
            String id = ids.get(v);
            String name = aids.isCopied(slots.symbol(v)) ? id : id.substring(0, 9) + (isLong(kinds[v]) ? "long_branch" : "plt_branch") + id.substring(8);
            names[v] = taken.add(name) ? name : null;
        }
        return new Standing(host, symbol, goal, address, through, kind, offset, i -> names[order[i]], groups, table, Toc.base(symbols, machine, at, merged));
    }
}
