package klink.place;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import klink.elf.Elf;
import klink.input.ObjectFile;
import klink.input.RelocationTable;
import klink.mem.IntList;
import klink.mem.LE;
import klink.report.Finding;
import klink.report.Report;
import klink.resolve.SectionBounds;
import klink.resolve.Symbols;
import klink.script.Command;
import klink.script.Expr;
import klink.script.Script;

/// `--gc-sections`: which input sections can be reached from the roots by relocations; the others do
/// not become part of the image (CONFIG_LD_DEAD_CODE_DATA_ELIMINATION, powerpc and mips kernels).
///
/// The rules are GNU ld's (bfd/elflink.c, bfd_elf_gc_sections). Roots: what KEEP names, the section of
/// the entry symbol, of `_init`, `_fini` and of each `-u`, notes, SHF_GNU_RETAIN. A live section keeps
/// what its relocations name, the rest of its group, what its FDEs name, and the SHF_LINK_ORDER
/// sections that follow it; a reference to `__start_X` that nobody defines keeps every section X. Debug
/// sections and the likes of `.comment` stay if their object keeps anything that is loaded.
///
/// A kernel has 70,000 sections and a million relocations: one array of marks, one stack, each
/// relocation table read once in bulk.
public final class Liveness {
    private static final int BLOCK = 2048;

    private final Symbols symbols;
    private final BitSet live;
    private final BitSet named;
    private final IntList stack = new IntList();
    private final int[] relocations;
    private final int[] groupOf;
    private final List<int[]> groups = new ArrayList<>();
    private final Map<String, IntList> byName = new HashMap<>();
    private final Map<String, String> aliases = new HashMap<>();
    private final long[] block = new long[3 * BLOCK];
    private FrameLinks frames;
    private boolean debugOnly;

    private Liveness(Symbols symbols) {
        this.symbols = symbols;
        live = new BitSet(symbols.sectionCount());
        named = new BitSet(symbols.globalCount());
        relocations = new int[symbols.sectionCount()];
        groupOf = new int[symbols.sectionCount()];
    }

    /// Marks what can be reached.
    /// @param roots names of the entry symbol, `-u` and EXTERN
    public static Liveness mark(Script script, Symbols symbols, List<String> roots, List<Command.Assign> defsyms) {
        var l = new Liveness(symbols);
        for (int f = 0; f < symbols.fileCount(); f++) {
            l.index(f);
        }
        l.frames = FrameLinks.of(symbols, l.relocations);
        l.collectAliases(script, defsyms);
        for (String root : roots) {
            l.name(symbols.find(root));
        }
        l.drain();
        KeepRules keep = KeepRules.of(script);
        for (int f = 0; f < symbols.fileCount(); f++) {
            l.roots(f, keep);
        }
        l.drain();
        l.extras();
        return l;
    }

    /// Whether the section is part of the link: also any that was made after the marking.
    public boolean isLive(int section) {
        return section >= relocations.length || live.get(section);
    }

    /// Whether a live section refers to the global name, or something outside does.
    public boolean isNamed(int global) {
        return named.get(global);
    }

    /// `--print-gc-sections`: GNU ld's words, in link order.
    public void report(Report report) {
        for (int f = 0; f < symbols.fileCount(); f++) {
            ObjectFile file = symbols.file(f);
            for (int s = 1; s < file.sectionCount(); s++) {
                int id = symbols.firstSection(f) + s;
                if (!live.get(id) && InputKind.isContent(file, s) && !symbols.isDiscarded(id) && file.size(s) != 0) {
                    report.add(Finding.note("removing unused section '" + file.sectionName(s) + "' in file '" + file.name() + "'")
                            .ordered((long) f << 32 | s));
                }
            }
        }
    }

    private void index(int f) {
        ObjectFile file = symbols.file(f);
        int base = symbols.firstSection(f);
        for (int s = 1; s < file.sectionCount(); s++) {
            int type = file.type(s);
            if ((type == Elf.SHT_RELA || type == Elf.SHT_REL) && file.size(s) != 0) {
                relocations[base + file.info(s)] = s;
            } else if (type == Elf.SHT_GROUP) {
                addGroup(file, base, s);
            }
        }
    }

    private void addGroup(ObjectFile file, int base, int group) {
        int words = (int) (file.size(group) / 4);
        var members = new IntList(words);
        for (int i = 1; i < words; i++) {
            int member = LE.i32(file.segment(), file.fileOffset(group) + 4L * i);
            if (InputKind.isContent(file, member) && !symbols.isDiscarded(base + member)) {
                members.add(base + member);
            }
        }
        groups.add(members.toArray());
        for (int m : groups.getLast()) {
            groupOf[m] = groups.size();
        }
    }

    /// Names that the script makes equal to one other name (`jiffies = jiffies_64`): a reference to one
    /// is a reference to the other.
    private void collectAliases(Script script, List<Command.Assign> defsyms) {
        var assigns = new ArrayList<>(defsyms);
        for (Command c : script.commands()) {
            if (c instanceof Command.Assign a) {
                assigns.add(a);
            } else if (c instanceof Command.Sections s) {
                s.items().forEach(i -> {
                    if (i instanceof Command.Assign a) {
                        assigns.add(a);
                    }
                });
            }
        }
        for (Command.Assign a : assigns) {
            if (a.op().equals("=") && a.value() instanceof Expr.Symbol e) {
                aliases.put(a.target(), e.name());
            }
        }
    }

    private void roots(int f, KeepRules keep) {
        ObjectFile file = symbols.file(f);
        int base = symbols.firstSection(f);
        for (int s = 1; s < file.sectionCount(); s++) {
            if (!InputKind.isContent(file, s) || symbols.isDiscarded(base + s)) {
                continue;
            }
            long flags = file.flags(s);
            boolean note = file.type(s) == Elf.SHT_NOTE && (flags & (Elf.SHF_GROUP | Elf.SHF_LINK_ORDER)) == 0;
            boolean made = file.isSynthetic() && file.type(s) != Elf.SHT_NOBITS;
            if (note || made || (flags & Elf.SHF_GNU_RETAIN) != 0 || keep.keeps(file, s)) {
                mark(base + s);
            }
        }
    }

    private void mark(int section) {
        if (!live.get(section)) {
            live.set(section);
            stack.add(section);
        }
    }

    private void drain() {
        for (int n = 0; n < stack.size(); n++) {
            scan(stack.get(n));
        }
        stack.clear();
    }

    private void scan(int section) {
        if (groupOf[section] != 0) {
            for (int member : groups.get(groupOf[section] - 1)) {
                mark(member);
            }
        }
        int f = symbols.fileOfSection(section);
        if (frames != null) {
            for (int fde = frames.first(section); fde >= 0; fde = frames.next(fde)) {
                follow(f, frames.relocations(fde), frames.from(fde), frames.to(fde));
                follow(f, frames.relocations(fde), frames.cieFrom(fde), frames.cieTo(fde));
            }
            if (frames.holds(section)) {
                return;
            }
        }
        if (relocations[section] != 0) {
            int rel = relocations[section];
            follow(f, rel, 0, RelocationTable.count(symbols.file(f), rel));
        }
    }

    private void follow(int f, int rel, long from, long to) {
        ObjectFile file = symbols.file(f);
        if (!RelocationTable.is(file, rel)) {
            return; // the copy reports it
        }
        for (long done = from; done < to; done += BLOCK) {
            int n = (int) Math.min(BLOCK, to - done);
            RelocationTable.read(file, rel, done, n, block);
            for (int i = 0; i < n; i++) {
                int sym = (int) (block[3 * i + 1] >>> 32);
                if (sym <= 0 || sym >= file.symbolCount()) {
                    continue; // a damaged index is reported where it is applied
                }
                if (sym >= file.firstGlobal()) {
                    name(symbols.global(f, sym));
                } else if (file.symbolSection(sym) > 0) {
                    reach(f, file.symbolSection(sym));
                }
            }
        }
    }

    private void reach(int f, int ndx) {
        int section = symbols.firstSection(f) + ndx;
        if (!symbols.isDiscarded(section) && (!debugOnly || isDebug(symbols.file(f), ndx))) {
            mark(section);
        }
    }

    /// Follows a reference to a global name.
    private void name(int g) {
        if (g < 0) {
            return;
        }
        boolean before = named.get(g);
        named.set(g);
        switch (symbols.kind(g)) {
            case Symbols.DEFINED, Symbols.DEFINED_WEAK -> {
                int f = symbols.definingFile(g);
                int section = symbols.file(f).symbolSection(symbols.definingSymbol(g));
                if (section > 0) {
                    reach(f, section);
                }
            }
            case Symbols.SCRIPT -> {
                if (!before && symbols.isSectionBound(g)) {
                    startStop(symbols.names().name(g));
                } else if (!before && !aliases.isEmpty()) {
                    String target = aliases.get(symbols.names().name(g));
                    name(target == null ? -1 : symbols.find(target));
                }
            }
            default -> { }
        }
    }

    /// `__start_X` or `__stop_X`: all sections X are reached.
    private void startStop(String name) {
        if (byName.isEmpty()) {
            for (int f = 0; f < symbols.fileCount(); f++) {
                ObjectFile file = symbols.file(f);
                for (int s = 1; s < file.sectionCount(); s++) {
                    if (InputKind.isContent(file, s) && SectionBounds.isIdentifier(file.sectionNames(), file.nameOffset(s))) {
                        int section = symbols.firstSection(f) + s;
                        byName.computeIfAbsent(file.sectionName(s), _ -> new IntList()).add(section);
                    }
                }
            }
        }
        IntList sections = byName.get(SectionBounds.section(name));
        for (int i = 0; sections != null && i < sections.size(); i++) {
            if (!symbols.isDiscarded(sections.get(i)) && !debugOnly) {
                mark(sections.get(i));
            }
        }
    }

    /// What stays because of what else stays in its object: sections that follow a live one, debug
    /// information, `.comment` and its like; then what kept debug information refers to.
    private void extras() {
        var kept = new BitSet();
        boolean more = true;
        while (more) {
            int before = live.cardinality();
            for (int f = 0; f < symbols.fileCount(); f++) {
                if (followers(f)) {
                    kept.set(f);
                }
            }
            drain();
            more = live.cardinality() != before;
        }
        debugOnly = true;
        for (int f = kept.nextSetBit(0); f >= 0; f = kept.nextSetBit(f + 1)) {
            special(f);
        }
        drain();
    }

    /// Marks the SHF_LINK_ORDER sections that follow a live section. Whether the object has a live section
    /// that is loaded.
    private boolean followers(int f) {
        ObjectFile file = symbols.file(f);
        int base = symbols.firstSection(f);
        boolean some = false;
        for (int s = 1; s < file.sectionCount(); s++) {
            if (live.get(base + s)) {
                some |= (file.flags(s) & Elf.SHF_ALLOC) != 0 && file.type(s) != Elf.SHT_NOTE;
                continue;
            }
            if ((file.flags(s) & Elf.SHF_LINK_ORDER) == 0 || !InputKind.isContent(file, s) || symbols.isDiscarded(base + s)) {
                continue;
            }
            int followed = file.link(s);
            for (int hops = 0; followed > 0 && hops < file.sectionCount(); hops++) {
                if (live.get(base + followed)) {
                    mark(base + s);
                    break;
                }
                followed = (file.flags(followed) & Elf.SHF_LINK_ORDER) != 0 ? file.link(followed) : 0;
            }
        }
        return some;
    }

    private void special(int f) {
        ObjectFile file = symbols.file(f);
        int base = symbols.firstSection(f);
        for (int s = 1; s < file.sectionCount(); s++) {
            if (live.get(base + s) || (file.flags(s) & (Elf.SHF_ALLOC | Elf.SHF_LINK_ORDER)) != 0 || !InputKind.isContent(file, s)
                    || symbols.isDiscarded(base + s)) {
                continue;
            }
            if (!isDebug(file, s) && relocations[base + s] != 0) {
                continue;
            }
            if (groupOf[base + s] == 0 || isSpecialGroup(file, base, groups.get(groupOf[base + s] - 1))) {
                mark(base + s);
            }
        }
    }

    /// Whether a group has only sections that are not loaded.
    private static boolean isSpecialGroup(ObjectFile file, int base, int[] members) {
        for (int m : members) {
            if ((file.flags(m - base) & Elf.SHF_ALLOC) != 0) {
                return false;
            }
        }
        return true;
    }

    private static boolean isDebug(ObjectFile file, int ndx) {
        if ((file.flags(ndx) & Elf.SHF_ALLOC) != 0) {
            return false;
        }
        String name = file.sectionName(ndx);
        return name.startsWith(".debug") || name.startsWith(".zdebug") || name.startsWith(".stab") || name.startsWith(".line")
                || name.startsWith(".gdb_index") || name.startsWith(".gnu.debuglto_.debug_") || name.startsWith(".gnu.linkonce.wi.");
    }
}
