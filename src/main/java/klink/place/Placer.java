package klink.place;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import klink.elf.Arm;
import klink.elf.Elf;
import klink.input.ObjectFile;
import klink.mem.IntList;
import klink.report.Finding;
import klink.report.Report;
import klink.resolve.NameTable;
import klink.resolve.Symbols;
import klink.script.Command;
import klink.script.OutputItem;
import klink.script.Script;
import klink.script.SectionsItem;

/// Makes the [Placement]: gives each input section to the first pattern of the script that matches
/// it, and what no pattern wants to an orphan section.
///
/// As in GNU ld, patterns act in script order and each takes what is left, so a section goes to the
/// first match even if a later `/DISCARD/` names it too; within one statement the order is that of
/// the files, and of the sections in a file, unless SORT says otherwise.
public final class Placer {
    /// What to do with sections that the script does not name (`--orphan-handling`).
    public enum Orphans { PLACE, WARN, ERROR, DISCARD,
        /// `-r`: those of one name together, in the order they are met, but groups apart, and what `--unique` names.
        BY_NAME }

    private final Symbols symbols;
    private final Report report;
    private final int[] outputOf;
    private final NameTable sectionNames = new NameTable(1 << 14);
    private final Patterns patterns = new Patterns();
    private final List<Builder> builders = new ArrayList<>();
    private final Map<String, Builder> byName = new HashMap<>();
    private final List<Object> steps = new ArrayList<>();
    private final List<StatementInputs> statements = new ArrayList<>();
    private final boolean relocatable;
    private final ApartRule apart;
    /// By name: the last section that stays on its own.
    private final Map<String, Builder> lastAlone = new HashMap<>();
    private int[][] candidates = new int[1 << 14][];

    /// The input sections that one statement takes, while they are gathered.
    private record StatementInputs(Builder section, IntList taken, IntList parts) {}

    private Placer(Symbols symbols, boolean relocatable, ApartRule apart, Report report) {
        this.apart = apart;
        this.relocatable = relocatable;
        this.symbols = symbols;
        this.report = report;
        outputOf = new int[symbols.sectionCount()];
        Arrays.fill(outputOf, Placement.NONE);
    }

    /// @param apart with BY_NAME: which loaded sections stay on their own (`--unique`), so that nothing is lost for a later
    ///             link's script and veneers; readers of debug information want one section of a name
    /// @param keep which of the link's sections are to be placed at all: false for what
    ///             `--gc-sections` or `--strip-debug` drops
    public static Placement place(Script script, Symbols symbols, InputFilter keep, Orphans orphans, ApartRule apart, Report report) {
        var p = new Placer(symbols, orphans == Orphans.BY_NAME, apart, report);
        p.walk(script.commands());
        p.match(keep, orphans);
        p.sortStatements();
        Placement placed = p.finish();
        LinkOrder.sort(placed, symbols);
        return placed;
    }

    /// How a section of a relocatable link goes with others of its name: with all of them, on its own, or behind the last one
    /// that is on its own.
    public enum Apart { TOGETHER, ALONE, BEHIND }

    /// Decides that for a loaded section.
    @FunctionalInterface
    public interface ApartRule {
        Apart of(int section, ObjectFile file, int ndx);
    }

    /// Decides whether an input section is part of the link.
    @FunctionalInterface
    public interface InputFilter {
        boolean keeps(int section, ObjectFile file, int ndx);
    }

    private void walk(List<Command> commands) {
        for (Command c : commands) {
            if (c instanceof Command.Assign || c instanceof Command.Assert) {
                steps.add(new Placement.Statement(c));
            } else if (c instanceof Command.Sections s) {
                s.items().forEach(this::walk);
            }
        }
    }

    private void walk(SectionsItem item) {
        if (item instanceof Command c && !(item instanceof Command.Entry)) { // an assignment or an assertion
            steps.add(new Placement.Statement(c));
        } else if (item instanceof SectionsItem.OutputSection o) {
            walk(o);
        } else if (item instanceof SectionsItem.Overlay o) {
            Overlays.expand(o).forEach(this::walk);
        }
    }

    private void walk(SectionsItem.OutputSection o) {
        Builder b = byName.get(o.name());
        if (b == null || !o.discard()) {
            b = new Builder(o.name(), o); // a second statement of one name makes a second section; expressions mean the first
            byName.putIfAbsent(o.name(), b);
            if (!o.discard()) {
                register(b);
                steps.add(b);
            } else {
                steps.add(OrphanPlanner.DISCARD);
            }
        }
        for (OutputItem item : o.items()) {
            if (item instanceof OutputItem.InputSections in) {
                addStatement(b, in);
            } else {
                b.items.add(new OutputSection.Scripted(item));
            }
        }
    }

    private void register(Builder b) {
        b.index = builders.size();
        builders.add(b);
    }

    private void addStatement(Builder b, OutputItem.InputSections in) {
        int number = statements.size();
        statements.add(new StatementInputs(b, new IntList(4), new IntList(4)));
        b.items.add(new Pending(number, in.keep()));
        if (in.sections().isEmpty()) {
            patterns.add(new Patterns.Rule(number, 0, in, null));
        }
        for (int part = 0; part < in.sections().size(); part++) {
            patterns.add(new Patterns.Rule(number, part, in, in.sections().get(part)));
        }
    }

    private StatementInputs addStatement(Builder b) {
        b.items.add(new Pending(statements.size(), false));
        statements.add(new StatementInputs(b, new IntList(4), new IntList(4)));
        return statements.getLast();
    }

    private void match(InputFilter keep, Orphans orphans) {
        var left = new IntList();
        for (int f = 0; f < symbols.fileCount(); f++) {
            ObjectFile file = symbols.file(f);
            byte[] table = file.sectionNames();
            int base = symbols.firstSection(f);
            for (int s = 1; s < file.sectionCount(); s++) {
                if (!InputKind.isContent(file, s, relocatable) || symbols.isDiscarded(base + s)) {
                    continue;
                }
                if (!keep.keeps(base + s, file, s)) {
                    outputOf[base + s] = Placement.DISCARDED;
                    continue;
                }
                int offset = file.nameOffset(s);
                int length = NameTable.length(table, offset);
                int hash = NameTable.hash(table, offset, length);
                int name = sectionNames.intern(table, offset, length, hash);
                if (name >= candidates.length) {
                    candidates = Arrays.copyOf(candidates, candidates.length * 2);
                }
                int[] rules = candidates[name];
                if (rules == null) {
                    rules = candidates[name] = patterns.candidates(table, offset, length, hash);
                }
                boolean ofGroup = relocatable && (file.flags(s) & Elf.SHF_GROUP) != 0; // which stays on its own, whatever its name
                if (ofGroup || !take(rules, file, s, base + s)) {
                    left.add(base + s);
                }
            }
        }
        if (!left.isEmpty()) {
            placeOrphans(left, orphans);
        }
    }

    private boolean take(int[] rules, ObjectFile file, int ndx, int section) {
        for (int r : rules) {
            Patterns.Rule rule = patterns.rule(r);
            if (rule.unconditional() || allows(rule, file, ndx)) {
                StatementInputs st = statements.get(rule.statement());
                st.taken.add(section);
                st.parts.add(rule.part());
                if (st.section.discards()) {
                    outputOf[section] = Placement.DISCARDED;
                } else {
                    outputOf[section] = st.section.index;
                }
                return true;
            }
        }
        return false;
    }

    static boolean allows(Patterns.Rule rule, ObjectFile file, int ndx) {
        OutputItem.InputSections in = rule.inputs();
        long flags = file.flags(ndx);
        if ((flags & in.required()) != in.required() || (flags & in.forbidden()) != 0) {
            return false;
        }
        String archive = file.archiveName();
        String name = file.memberName();
        if (!in.file().name().matches(archive, name)) {
            return false;
        }
        for (var g : in.file().exclude()) {
            if (g.excludes(archive, name)) {
                return false;
            }
        }
        if (rule.pattern() != null) {
            for (var g : rule.pattern().exclude()) {
                if (g.excludes(archive, name)) {
                    return false;
                }
            }
        }
        return true;
    }

    private void placeOrphans(IntList left, Orphans orphans) {
        if (relocatable) {
            for (int i = 0; i < left.size(); i++) {
                placeRelocatable(left.get(i));
            }
            return;
        }
        var planner = new OrphanPlanner(steps);
        for (int i = 0; i < left.size(); i++) {
            int section = left.get(i);
            int f = symbols.fileOfSection(section);
            ObjectFile file = symbols.file(f);
            int ndx = section - symbols.firstSection(f);
            String name = file.sectionName(ndx);
            if (file.isSynthetic() && file.type(ndx) == Elf.SHT_NOBITS && name.equals("COMMON")) {
                name = ".bss";
            }
            if (orphans == Orphans.DISCARD) {
                outputOf[section] = Placement.DISCARDED;
                continue;
            }
            if (file.isSynthetic() && file.size(ndx) == 0 && file.type(ndx) != Elf.SHT_NOTE) { // the build id has its size later
                continue;
            }
            if (orphans != Orphans.PLACE) {
                String what = "orphan section `" + name + "' from `" + file.name() + "' being placed in section `" + name + "'";
                report.add((orphans == Orphans.ERROR ? Finding.error("unplaced " + what.substring(0, what.indexOf(" being")))
                        : Finding.warning(what)).ordered((long) f << 32 | ndx));
            }
            Builder b = byName.get(name);
            if (b == null || b.discards()) {
                b = new Builder(name, null);
                byName.put(name, b);
                register(b);
                planner.insert(b, file.flags(ndx), file.type(ndx));
            }
            StatementInputs st = b.items.isEmpty() || !(b.items.getLast() instanceof Pending p) ? addStatement(b)
                    : statements.get(p.statement);
            st.taken.add(section);
            st.parts.add(0);
            outputOf[section] = b.index;
        }
    }

    /// Gives a section of a relocatable link its output section: one of its own if it is in a group, or
    /// follows another section, or `apart` says so.
    private void placeRelocatable(int section) {
        int f = symbols.fileOfSection(section);
        ObjectFile file = symbols.file(f);
        int ndx = section - symbols.firstSection(f);
        long flags = file.flags(ndx);
        Apart rule = (flags & Elf.SHF_ALLOC) != 0 ? apart.of(section, file, ndx) : Apart.TOGETHER;
        long apartFlags = file.type(ndx) == Arm.SHT_ARM_EXIDX ? Elf.SHF_GROUP : Elf.SHF_GROUP | Elf.SHF_LINK_ORDER; // an unwind index goes by its name, which is its code's
        boolean alone = rule != Apart.TOGETHER || (flags & apartFlags) != 0;
        String key = alone ? null : file.sectionName(ndx) + ((flags & Elf.SHF_ALLOC) != 0 ? "" : "\n") + ((flags & Elf.SHF_TLS) != 0 ? "\t" : "");
        Builder b = alone ? null : byName.get(key);
        if (rule == Apart.BEHIND && lastAlone.get(file.sectionName(ndx)) != null) {
            b = lastAlone.get(file.sectionName(ndx));
            b.only = -1;
        }
        if (b == null || b.discards()) {
            b = new Builder(file.sectionName(ndx), null);
            b.only = alone ? section : -1;
            if (alone) {
                lastAlone.put(file.sectionName(ndx), b);
            } else {
                byName.put(key, b);
            }
            register(b);
            steps.add(b);
        }
        StatementInputs st = b.items.isEmpty() || !(b.items.getLast() instanceof Pending p) ? addStatement(b) : statements.get(p.statement);
        st.taken.add(section);
        st.parts.add(0);
        outputOf[section] = b.index;
    }

    private void sortStatements() {
        for (int r = 0, n = patterns.size(); r < n; r++) {
            Patterns.Rule rule = patterns.rule(r);
            if (rule.pattern() == null || rule.pattern().sort() == OutputItem.Sort.NONE || rule.pattern().sort() == OutputItem.Sort.UNSORTED) {
                continue;
            }
            StatementInputs st = statements.get(rule.statement());
            sortPart(st, rule);
        }
    }

    /// Sorts what one SORT pattern took, in the places it took it at.
    private void sortPart(StatementInputs st, Patterns.Rule rule) {
        var mine = new IntList();
        var places = new IntList();
        for (int i = 0; i < st.taken.size(); i++) {
            if (st.parts.get(i) == rule.part()) {
                mine.add(st.taken.get(i));
                places.add(i);
            }
        }
        int[] ids = new InputOrder(symbols, rule.pattern().sort(), rule.pattern().reverse()).sorted(mine.toArray(),
                rule.pattern().name().literalPrefix().length());
        for (int i = 0; i < ids.length; i++) {
            st.taken.set(places.get(i), ids[i]);
        }
    }

    private Placement finish() {
        var finalSteps = new ArrayList<Placement.Step>();
        var sections = new ArrayList<OutputSection>();
        var newId = new int[builders.size()];
        for (Object step : steps) {
            if (step instanceof Placement.Statement s) {
                finalSteps.add(s);
            } else if (step instanceof Builder b) {
                newId[b.index] = sections.size();
                OutputSection out = b.build(sections.size());
                sections.add(out);
                finalSteps.add(new Placement.Section(out));
            } else if (step != OrphanPlanner.DISCARD) {
                throw new IllegalStateException("step " + step);
            }
        }
        for (int i = 0; i < outputOf.length; i++) {
            if (outputOf[i] >= 0) {
                outputOf[i] = newId[outputOf[i]];
            }
        }
        return new Placement(finalSteps, sections, outputOf);
    }

    /// A place in a [Builder] for what a statement takes.
    private record Pending(int statement, boolean keep) {}

    /// An output section while it is filled.
    final class Builder {
        final String name;
        final SectionsItem.OutputSection script;
        final List<Object> items = new ArrayList<>();
        int index;
        /// The one section it is made of, or -1: what is copied as it is.
        int only = -1;

        Builder(String name, SectionsItem.OutputSection script) {
            this.name = name;
            this.script = script;
        }

        boolean discards() {
            return name.equals("/DISCARD/");
        }

        /// What the sections taken so far make of it.
        InputKind kindNow() {
            var kind = new InputKind(relocatable, name.equals(".text"));
            for (Object item : items) {
                if (item instanceof Pending p) {
                    IntList taken = statements.get(p.statement).taken;
                    for (int i = 0; i < taken.size(); i++) {
                        int f = symbols.fileOfSection(taken.get(i));
                        kind.add(symbols.file(f), taken.get(i) - symbols.firstSection(f));
                    }
                } else {
                    kind.add(((OutputSection.Scripted) item).item());
                }
            }
            return kind;
        }

        OutputSection build(int id) {
            var parts = new ArrayList<OutputSection.Item>();
            if (only >= 0) {
                int f = symbols.fileOfSection(only);
                int ndx = only - symbols.firstSection(f);
                ObjectFile file = symbols.file(f);
                parts.add(new OutputSection.Inputs(new int[] {only}, false));
                return new OutputSection(id, name, null, parts, file.flags(ndx) & ~Elf.SHF_COMPRESSED, file.type(ndx), file.entsize(ndx), true);
            }
            InputKind kind = kindNow();
            for (Object item : items) {
                if (item instanceof Pending p) {
                    int[] ids = statements.get(p.statement).taken.toArray();
                    if (ids.length > 0) {
                        parts.add(new OutputSection.Inputs(ids, p.keep));
                    }
                } else {
                    parts.add((OutputSection.Scripted) item);
                }
            }
            return new OutputSection(id, name, script, parts, kind.flags(script), kind.type(script), kind.entsize(), kind.hasInputs());
        }
    }
}
