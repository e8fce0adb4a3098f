package klink.check;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import klink.elf.Elf;
import klink.input.ObjectFile;
import klink.mem.LongList;
import klink.par.Par;
import klink.resolve.Symbols;

/// How the functions that break a rule are themselves reached: who calls them or holds their address, who calls
/// those, and so on. That is what decides which side of a mismatch to change: a function that only init code
/// calls can be `__init` itself.
///
/// Each step outward is one pass over the relocations of all loaded sections; there are few, and only when there
/// is a mismatch to explain.
final class Callers {
    private static final int STEPS = 5;
    /// Sections, beside code, in which the address of a function is a use of it; most others (ORC, mcount,
    /// return sites, alternatives) only describe it.
    private static final String[] USES = {".data", ".rodata", ".init", ".con_initcall", ".exit", ".ref", "___ksymtab", ".export_symbol", "__param", ".meminit"};

    private final Symbols symbols;
    private final int threads;
    private final Map<ObjectFile, Integer> index = new IdentityHashMap<>();
    /// Every function met, by file and symbol packed.
    private final Map<Long, Function> known = new HashMap<>();
    private final Nearest nearest = new Nearest(klink.kernel.Kernel.V6_12.sections().symbols());

    /// A function whose callers are wanted: a range of a section.
    private static final class Function {
        final String name;
        final int sectionId;
        final long start;
        final long end;
        final List<End> callers = new ArrayList<>();

        Function(String name, int sectionId, long start, long end) {
            this.name = name;
            this.sectionId = sectionId;
            this.start = start;
            this.end = end;
        }

        /// Whether `symbol` is the part of this function that the compiler moved away as unlikely.
        boolean hasColdPart(String symbol) {
            return symbol.startsWith(name) && symbol.startsWith(".cold", name.length());
        }

        boolean holds(long offset) {
            return offset >= start && offset < end;
        }
    }

    private Callers(Symbols symbols, int threads) {
        this.symbols = symbols;
        this.threads = threads;
        for (int f = 0; f < symbols.fileCount(); f++) {
            index.put(symbols.file(f), f);
        }
    }

    /// The same violations, each with its chain and what to change.
    static List<Violation> explain(Symbols symbols, List<Violation> found, int threads) {
        var callers = new Callers(symbols, threads);
        var frontier = new ArrayList<Function>();
        for (Violation v : found) {
            callers.want(v.from(), frontier);
        }
        for (int step = 0; step < STEPS && !frontier.isEmpty(); step++) {
            callers.search(frontier);
            var next = new ArrayList<Function>();
            for (Function f : frontier) {
                callers.want(callers.main(f), next);
            }
            frontier = next;
        }
        var explained = new ArrayList<Violation>(found.size());
        for (Violation v : found) {
            Function f = v.to() == null ? null : callers.function(v.from());
            explained.add(v.to() == null ? v : v.with(callers.chain(f), Advice.of(v, f == null ? List.of() : f.callers)));
        }
        return explained;
    }

    private static long key(int file, int symbol) {
        return (long) file << 32 | symbol;
    }

    private Function function(End end) {
        return end.symbol() == 0 ? null : known.get(key(index.get(end.file()), end.symbol()));
    }

    /// Adds the function that `end` lies in to those whose callers are searched for next, if it is one and new.
    private void want(End end, List<Function> frontier) {
        if (end == null || end.symbol() == 0 || end.section() == 0 || (end.file().flags(end.section()) & Elf.SHF_EXECINSTR) == 0) {
            return;
        }
        int f = index.get(end.file());
        if (known.containsKey(key(f, end.symbol()))) {
            return;
        }
        long start = end.file().rawValue(end.symbol());
        var function = new Function(end.symbolName(), symbols.firstSection(f) + end.section(), start, end(end, start));
        known.put(key(f, end.symbol()), function);
        frontier.add(function);
    }

    /// The end of the symbol of `place`: by its size, or where the next one begins.
    private static long end(End place, long start) {
        ObjectFile file = place.file();
        if (place.symbolSize() > 0) {
            return start + place.symbolSize();
        }
        long end = file.size(place.section());
        for (int i = 1; i < file.symbolCount(); i++) {
            if (file.symbolSection(i) == place.section() && file.rawValue(i) > start && Elf.type(file.symbolInfo(i)) != Elf.STT_SECTION) {
                end = Math.min(end, file.rawValue(i));
            }
        }
        return end;
    }

    /// Finds the callers of all of `wanted`, in the order of files.
    private void search(List<Function> wanted) {
        var bySection = new HashMap<Integer, List<Function>>();
        var sections = new BitSet();
        for (Function f : wanted) {
            bySection.computeIfAbsent(f.sectionId, _ -> new ArrayList<>()).add(f);
            sections.set(f.sectionId);
        }
        var uses = new ArrayList<List<Use>>();
        for (int f = 0; f < symbols.fileCount(); f++) {
            uses.add(null);
        }
        Par.loop(symbols.fileCount(), threads, (f, _) -> uses.set(f, uses(f, sections, bySection)));
        for (List<Use> list : uses) {
            for (Use u : list) {
                u.used.callers.add(u.by);
            }
        }
        var branches = new HashMap<Integer, Map<Long, LongList>>();
        for (Function f : wanted) {
            int file = symbols.fileOfSection(f.sectionId);
            int section = f.sectionId - symbols.firstSection(file);
            Map<Long, LongList> sites = branches.computeIfAbsent(f.sectionId, _ -> branches(symbols.file(file), section, bySection.get(f.sectionId)));
            for (long site : sites.get(f.start).toArray()) {
                if (!f.holds(site)) {
                    f.callers.add(new End(symbols.file(file), section, site, nearest.before(symbols.file(file), section, site)));
                }
            }
        }
    }

    /// Branches without relocation to the functions of one section, by where these start.
    private static Map<Long, LongList> branches(ObjectFile file, int section, List<Function> functions) {
        var sites = new HashMap<Long, LongList>();
        for (Function f : functions) {
            sites.put(f.start, new LongList());
        }
        LocalCalls.find(file, section, sites);
        return sites;
    }

    private record Use(Function used, End by) {}

    private List<Use> uses(int f, BitSet sections, Map<Integer, List<Function>> bySection) {
        ObjectFile file = symbols.file(f);
        var found = new ArrayList<Use>();
        if (file.isSynthetic()) {
            return found;
        }
        var bits = new int[file.symbolCount()];
        boolean any = false;
        for (int i = 1; i < bits.length; i++) {
            bits[i] = sections.get(Math.max(0, sectionOf(f, i))) ? 1 : 0;
            any |= bits[i] != 0;
        }
        var sites = new Sites();
        for (int s = 1; any && s < file.sectionCount(); s++) {
            int type = file.type(s);
            int from = file.info(s);
            if (type != Elf.SHT_RELA && type != Elf.SHT_REL || symbols.isDiscarded(symbols.firstSection(f) + from) || !isUse(file, from)) {
                continue;
            }
            int n = sites.read(file, s);
            for (int i = sites.next(0, n, bits, 1); i < n; i = sites.next(i + 1, n, bits, 1)) {
                use(f, from, sites, i, bySection, found);
            }
        }
        return found;
    }

    private void use(int f, int from, Sites sites, int i, Map<Integer, List<Function>> bySection, List<Use> found) {
        ObjectFile file = symbols.file(f);
        int section = sectionOf(f, sites.symbol(i));
        long to = sites.destination(i, valueOf(f, sites.symbol(i)));
        for (Function wanted : bySection.get(section)) {
            if (!wanted.holds(to) || wanted.sectionId == symbols.firstSection(f) + from && wanted.holds(sites.offset(i))) {
                continue;
            }
            var by = new End(file, from, sites.offset(i), nearest.before(file, from, sites.offset(i)));
            if (!wanted.hasColdPart(by.symbolName())) {
                found.add(new Use(wanted, by));
            }
        }
    }

    private static boolean isUse(ObjectFile file, int section) {
        if ((file.flags(section) & Elf.SHF_EXECINSTR) != 0) {
            return true;
        }
        String name = file.sectionName(section);
        for (String s : USES) {
            if (name.startsWith(s)) {
                return true;
            }
        }
        return false;
    }

    /// The section id that symbol `i` of file `f` is defined in, or -1.
    private int sectionOf(int f, int i) {
        long d = definition(f, i);
        int section = d < 0 ? 0 : symbols.file((int) (d >>> 32)).symbolSection((int) d);
        return section <= 0 ? -1 : symbols.firstSection((int) (d >>> 32)) + section;
    }

    private long valueOf(int f, int i) {
        long d = definition(f, i);
        return symbols.file((int) (d >>> 32)).rawValue((int) d);
    }

    private long definition(int f, int i) {
        if (i < symbols.file(f).firstGlobal()) {
            return key(f, i);
        }
        int g = symbols.global(f, i);
        boolean defined = symbols.kind(g) == Symbols.DEFINED || symbols.kind(g) == Symbols.DEFINED_WEAK;
        return defined ? key(symbols.definingFile(g), symbols.definingSymbol(g)) : -1;
    }

    /// The caller that says most: one that stays after boot if there is any, code before data.
    private End main(Function f) {
        End best = null;
        int rank = 0;
        for (End e : f.callers) {
            boolean code = (e.file().flags(e.section()) & Elf.SHF_EXECINSTR) != 0;
            int r = (Advice.stays(e) ? 2 : 0) + (code ? 2 : 1);
            if (r > rank) {
                rank = r;
                best = e;
            }
        }
        return best;
    }

    private List<End> chain(Function f) {
        var chain = new ArrayList<End>();
        while (f != null && chain.size() < STEPS) {
            End caller = main(f);
            if (caller == null) {
                break;
            }
            for (End e : chain) {
                if (e.file() == caller.file() && e.symbol() == caller.symbol()) {
                    return chain;
                }
            }
            chain.add(caller);
            f = function(caller);
        }
        return chain;
    }
}
