package klink.layout;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import klink.elf.Arm;
import klink.elf.Elf;
import klink.input.ObjectFile;
import klink.merge.MergedSections;
import klink.place.OutputSection;
import klink.place.Placement;
import klink.report.Finding;
import klink.report.Report;
import klink.resolve.Symbols;
import klink.script.Command;
import klink.script.Evaluator;
import klink.script.Expr;
import klink.script.OutputItem;
import klink.script.Pos;
import klink.script.Scope;
import klink.script.Script;
import klink.script.SectionsItem;
import klink.script.Value;

/// One walk of the location counter over the script (GNU ld: lang_size_sections_1, ld/ldlang.c).
///
///     dot      the location counter as assignments see it
///     region   where the next section without an address starts: moved by assignments to `.` and by
///              allocated sections, not by `.debug_info 0 : { ... }` and its like
final class Walk implements Scope {
    /// SEARCH: values may be unknown still. EARLY and FINAL come after two walks agreed: what is unknown
    /// now stays so and is an error; FINAL also means its assertions.
    enum Mode { SEARCH, EARLY, FINAL }

    static final int UNKNOWN = -3;

    private final Symbols symbols;
    private final Placement place;
    private final MergedSections merged;
    private final Sizes sizes;
    private final Options options;
    private final Addresses before;
    private final Addresses now;
    private final Mode mode;
    private final Report report;
    private final Evaluator evaluator = new Evaluator(this);
    private final ScriptSymbols scripts;
    /// By number of the script's symbol.
    private final boolean[] assigned;
    private final boolean[] placed;
    private final Map<String, Integer> ids = new HashMap<>();
    private final List<Addresses.Data> data = new ArrayList<>();
    private final List<Addresses.FillFrom> fills = new ArrayList<>();
    private final DotSections dotSections;
    private final int headers;
    private byte[] pattern = {};
    /// Whether the section that is being walked sets a symbol: even if it is left out, what follows starts where it stood.
    private boolean setsSymbol;
    private long dot;
    private long region;
    private int current = Value.ABSOLUTE;
    private int last = -1;
    private boolean seenTls;
    private final Regions regions;
    private final java.util.Set<String> segmentsAsked = new java.util.HashSet<>();

    Walk(Script script, Symbols symbols, Placement place, MergedSections merged, Sizes sizes, Options options, Addresses before,
            Mode mode, Report report) {
        this.symbols = symbols;
        this.place = place;
        this.merged = merged;
        this.sizes = sizes;
        this.options = options;
        this.before = before;
        this.mode = mode;
        this.report = report;
        scripts = before.scripts;
        now = new Addresses(symbols, place, before.inputs, scripts);
        now.inputs.begin();
        java.util.Arrays.fill(now.scriptSection, UNKNOWN);
        assigned = new boolean[scripts.count()];
        placed = new boolean[now.n];
        dotSections = new DotSections(symbols, now);
        headers = Segments.headerCount(script, options);
        regions = new Regions(script, mode == Mode.FINAL ? report : null);
        for (OutputSection s : place.sections()) {
            ids.putIfAbsent(s.name(), s.id());
        }
    }

    /// A name that the linker gives to a place `bias` behind the start of a section.
    private void start(int g, long bias, OutputSection out) {
        if (out != null && symbols.kind(g) == Symbols.SCRIPT) {
            int i = scripts.of(g);
            now.scriptSection[i] = out.id();
            now.scriptValue[i] = bias;
            now.scriptType[i] = Elf.STT_OBJECT;
        }
    }

    private OutputSection withInputs(String name) {
        OutputSection out = place.find(name);
        return out != null && out.hasInputs() ? out : null;
    }

    /// The table of contents begins at a multiple of [Toc#ALIGNMENT] with its section; where there is none, with the first that is written to (`.branch_lt`, even if
    /// empty), else with the first
    /// (bfd, `ppc64_elf_set_toc`).
    private void startOfContents() {
        OutputSection out = withInputs(".got") != null ? withInputs(".got") : withInputs(".toc");
        OutputSection loaded = null;
        for (int i = 0; i < place.sections().size() && out == null; i++) {
            OutputSection s = place.sections().get(i);
            if (s.hasInputs() && (before.flags(s.id()) & Elf.SHF_ALLOC) != 0) {
                loaded = loaded == null ? s : loaded;
                out = (before.flags(s.id()) & Elf.SHF_WRITE) != 0 ? s : null;
            }
        }
        out = out == null ? loaded : out;
        start(symbols.find(Toc.NAME), out == null ? 0 : Toc.BIAS - (before.address(out.id()) & Toc.ALIGNMENT - 1), out);
    }

    Addresses run(List<Command.Assign> defsyms) {
        for (Command.Assign a : defsyms) {
            assign(a);
            switch (a.target()) {
                case Toc.NAME -> startOfContents();
                case "_DYNAMIC" -> start(symbols.find("_DYNAMIC"), 0, withInputs(".dynamic"));
                default -> { }
            }
        }
        regions.open(evaluator);
        for (Placement.Step step : place.steps()) {
            if (step instanceof Placement.Section(OutputSection out)) {
                section(out);
                dotSections.passed(out.id(), now.kept[out.id()] || setsSymbol);
            } else if (step instanceof Placement.Statement(Command.Assign a)) {
                assign(a);
                dotSections.assigned(a);
            } else if (step instanceof Placement.Statement(Command.Assert a)) {
                evaluator.check(a);
            } else {
                throw new IllegalStateException("step " + step);
            }
        }
        now.data = List.copyOf(data);
        now.fills = List.copyOf(fills);
        now.headerSize = sizeofHeaders();
        return now;
    }

    /// Gives script symbols that are still absolute, or stand in a section that is not in the image, the
    /// section that GNU ld gives them.
    void settleSections() {
        dotSections.settle();
    }

    private void section(OutputSection out) {
        int id = out.id();
        SectionsItem.OutputSection script = out.script();
        Long sub = script == null || script.subalign() == null ? null : number(script.subalign());
        long align = alignment(out, sub);
        Regions.Region memory = regions.isEmpty() || !matters(out) ? null : regions.of(out);
        long start = start(out, align, memory);
        now.vma[id] = start;
        now.align[id] = align;
        placed[id] = true;
        long outer = dot;
        boolean movesDot = contents(out, start, sub);
        long size = dot - start;
        now.size[id] = size;
        boolean forced = kind(out, size);
        now.kept[id] = size != 0 || forced || out.hasInputs() && options.keepsEmpty() && hasPresent(out);
        if (!now.kept[id] && !movesDot && !setsSymbol) {
            dot = outer;
            now.lma[id] = start;
            return;
        }
        Regions.Region load = regions.isEmpty() ? null : regions.load(out, memory);
        loadAddress(out, start, memory, load);
        boolean tbss = (now.flags[id] & Elf.SHF_TLS) != 0 && now.type[id] == Elf.SHT_NOBITS;
        if (tbss) {
            dot = start; // .tbss takes no space in the image
        }
        if ((now.flags[id] & Elf.SHF_ALLOC) != 0) {
            region = dot;
            if (now.kept[id] && !tbss && memory == null) {
                last = id;
            }
            if (memory != null) {
                fill(memory, load, out, tbss);
            }
        }
    }

    private long alignment(OutputSection out, Long sub) {
        SectionsItem.OutputSection script = out.script();
        Long least = script == null || script.align() == null ? null : number(script.align());
        long align = Math.max(least == null ? 1 : Math.max(1, least), now.inputs.alignment(out, sub == null ? 0 : sub));
        if ((out.flags() & Elf.SHF_TLS) != 0 && !seenTls && !options.relocatable()) {
            align = Math.max(align, tlsAlignment());
            seenTls = true;
        }
        return align;
    }

    private long start(OutputSection out, long align, Regions.Region memory) {
        SectionsItem.OutputSection script = out.script();
        if (options.relocatable()) {
            return 0;
        }
        Long told = startOf(out);
        if (told != null) {
            return told;
        }
        if (script != null && script.address() != null) {
            Value v = evaluator.address(script.address());
            return v == null ? before.vma[out.id()] : v.value();
        }
        return alignUp(memory != null ? memory.current : out.isAlloc() || script != null ? region : 0, align);
    }

    /// Settles flags and type. Whether the section is kept although it is empty, as its statements set the
    /// location counter.
    private boolean kind(OutputSection out, long size) {
        int id = out.id();
        now.flags[id] = out.flags();
        if (!out.hasInputs() && size > 0) {
            now.flags[id] |= Elf.SHF_ALLOC | (out.type() == Elf.SHT_NOBITS ? Elf.SHF_WRITE : 0);
            if (out.script() != null && isUnallocated(out.script())) {
                now.flags[id] &= ~Elf.SHF_ALLOC;
            }
        }
        now.type[id] = out.type();
        boolean forced = size == 0 && setsDot(out) && !options.relocatable();
        if (forced && !out.hasInputs()) {
            now.flags[id] = Elf.SHF_WRITE; // as GNU ld: a section that only its assignment to the dot made
            now.type[id] = Elf.SHT_PROGBITS;
        }
        return forced;
    }

    /// The first thread-local section aligns as strictly as any: the segment starts there.
    private long tlsAlignment() {
        long align = 1;
        for (OutputSection o : place.sections()) {
            if ((o.flags() & Elf.SHF_TLS) != 0) {
                for (int s : place.inputsOf(o)) {
                    align = sizes.isAbsent(s) ? align : Math.max(align, sizes.alignment(s));
                }
            }
        }
        return align;
    }

    /// The address that `-Ttext` and its like give a section, unless the script asks for it by SEGMENT_START.
    private Long startOf(OutputSection out) {
        return options.starts().isEmpty() || segmentsAsked.contains(out.name()) ? null : options.starts().get(out.name());
    }

    @Override
    public Value segmentStart(String segment) {
        Long told = options.starts().get(segment);
        if (told == null) {
            told = options.starts().get("." + segment);
            segmentsAsked.add("." + segment);
        }
        return told == null ? null : Value.absolute(told);
    }

    private static boolean isUnallocated(SectionsItem.OutputSection script) {
        return switch (script.type()) {
            case INFO, DSECT, COPY, OVERLAY -> true;
            default -> false;
        };
    }

    /// Whether an assignment to `.` keeps an empty section: any but `. = . + 0` and `. = ALIGN(. != 0 ? n : 1)`
    /// (ld/ldlang.c, is_dot_plus_0 and is_align_conditional).
    private static boolean setsDot(OutputSection out) {
        for (OutputSection.Item item : out.items()) {
            if (item instanceof OutputSection.Scripted(Command.Assign a) && a.toDot() && !isIdle(a.value())) {
                return true;
            }
        }
        return false;
    }

    private static boolean isIdle(Expr e) {
        if (e instanceof Expr.Binary b) {
            return b.op() == Expr.BinaryOp.ADD && b.left() instanceof Expr.Dot && b.right() instanceof Expr.Num n && n.value() == 0;
        }
        return e instanceof Expr.Unary u && u.op() == Expr.UnaryOp.ALIGN && u.operand() instanceof Expr.Conditional c
                && c.condition() instanceof Expr.Binary b && b.op() == Expr.BinaryOp.NE && b.left() instanceof Expr.Dot;
    }

    private boolean hasPresent(OutputSection out) {
        for (OutputSection.Item item : out.items()) {
            if (item instanceof OutputSection.Inputs in) {
                for (int s : in.sections()) {
                    if (!sizes.isAbsent(s)) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    /// Places what is inside the braces. Returns whether an assignment to `.` stands there.
    private boolean contents(OutputSection out, long start, Long sub) {
        int id = out.id();
        current = id;
        dot = start;
        boolean movesDot = false;
        setsSymbol = false;
        pattern = new byte[0];
        if (out.script() != null && out.script().fill() != null) {
            fill(id, 0, out.script().fill());
        }
        for (OutputSection.Item item : out.items()) {
            if (item instanceof OutputSection.Inputs in) {
                dot = now.inputs.place(in, dot, start, sub == null ? 0 : sub);
            } else if (item instanceof OutputSection.Scripted s) {
                movesDot |= s.item() instanceof Command.Assign a && a.toDot();
                scripted(id, s.item(), start);
            }
        }
        current = Value.ABSOLUTE;
        return movesDot;
    }

    /// Does what the script says between input sections.
    private void scripted(int id, OutputItem item, long start) {
        if (item instanceof Command.Assign a) {
            setsSymbol |= !a.toDot() && symbols.find(a.target()) >= 0 && symbols.kind(symbols.find(a.target())) == Symbols.SCRIPT;
            gapEnds(a.toDot(), id, start);
            assign(a);
            gapEnds(a.toDot(), id, start);
        } else if (item instanceof Command.Assert a) {
            evaluator.check(a);
        } else if (item instanceof OutputItem.Data d) {
            data(id, d, dot - start);
            gapEnds(true, id, start);
        } else if (item instanceof OutputItem.Text t) {
            text(id, t, dot - start);
            gapEnds(true, id, start);
        } else if (item instanceof OutputItem.SetFill f) {
            fill(id, dot - start, f.fill());
        }
    }

    /// Whether an output section has anything that needs memory.
    private boolean matters(OutputSection out) {
        return !out.items().isEmpty() && (out.isAlloc() || out.script() != null && (out.script().region() != null || out.script().atRegion() != null));
    }

    /// Moves the counters of the regions that a section is in.
    private void fill(Regions.Region memory, Regions.Region load, OutputSection out, boolean tbss) {
        int id = out.id();
        memory.current = dot;
        if (now.kept[id] && !tbss) {
            memory.last = id;
        }
        regions.check(memory, out);
        if (load != null && load != memory && now.type[id] != Elf.SHT_NOBITS) {
            load.current = now.lma[id] + now.size[id];
            regions.check(load, out);
        }
    }

    private void loadAddress(OutputSection out, long start, Regions.Region memory, Regions.Region load) {
        int last = memory == null ? this.last : memory.last;
        int id = out.id();
        SectionsItem.OutputSection script = out.script();
        if (script != null && script.at() != null) {
            Value v = evaluator.address(script.at());
            now.lma[id] = v == null ? before.lma[id] : v.value();
        } else if (load != null) {
            Long least = load == memory ? Long.valueOf(now.align[id]) : script == null || script.align() == null ? null : number(script.align());
            now.lma[id] = alignUp(load.current, least == null ? 1 : least);
        } else if (last >= 0 && (now.flags[id] & Elf.SHF_ALLOC) != 0) {
            boolean overlaps = now.size[id] > 0 && Long.compareUnsigned(start, now.vma[last] + now.size[last]) < 0
                    && Long.compareUnsigned(now.vma[last], start + now.size[id]) < 0;
            boolean back = now.size[id] != 0 && Long.compareUnsigned(start + now.size[id], now.vma[last]) <= 0; // and AT should say where to, too
            now.lma[id] = back ? start : overlaps ? now.lma[last] + now.size[last] : start + (now.lma[last] - now.vma[last]);
        } else {
            now.lma[id] = start;
        }
    }

    private void assign(Command.Assign a) {
        if (a.toDot()) {
            Value v = evaluator.dotValue(a);
            if (v == null) {
                return;
            }
            if (current != Value.ABSOLUTE && Long.compareUnsigned(v.value(), dot) < 0) {
                if (mode != Mode.SEARCH) {
                    report.add(Finding.error("cannot move the location counter backwards (from 0x" + Long.toHexString(dot) + " to 0x"
                            + Long.toHexString(v.value()) + ")").at("at " + a.pos().where()).at(a.pos().caret()));
                }
                return;
            }
            dot = v.value();
            if (current == Value.ABSOLUTE) {
                region = dot;
            }
            return;
        }
        if (current == Value.ABSOLUTE) {
            region = dot; // any assignment between sections, so also from a dot that `.comment 0 :` left behind
        }
        int g = symbols.find(a.target());
        if (g < 0 || symbols.kind(g) != Symbols.SCRIPT) {
            return;
        }
        Value v = evaluator.symbolValue(a);
        if (v == null) {
            return;
        }
        int i = scripts.of(g);
        assigned[i] = true;
        now.scriptSection[i] = v.section() >= 0 ? v.section() : Value.ABSOLUTE;
        now.scriptValue[i] = v.value();
        String only = evaluator.onlySymbol();
        now.scriptType[i] = only == null ? 0 : typeOf(only);
        dotSections.symbol(g, i, v, current == Value.ABSOLUTE);
    }

    /// The bits of st_other that a name takes over from what it is another name of: where a function's local entry point is (powerpc).
    private static final int OTHER = 0xe0;

    private short typeOf(String name) {
        int g = symbols.find(name);
        return switch (g < 0 ? Symbols.ABSENT : symbols.kind(g)) {
            case Symbols.DEFINED, Symbols.DEFINED_WEAK -> {
                ObjectFile file = symbols.file(symbols.definingFile(g));
                long mode = file.symbolMode(symbols.definingSymbol(g));
                int other = file.machine() == Elf.EM_PPC64 ? file.symbolOther(symbols.definingSymbol(g)) & OTHER : 0;
                yield (short) (other << 8 | Elf.type(file.symbolInfo(symbols.definingSymbol(g))) | (mode == Arm.THUMB ? Addresses.THUMB : mode == Arm.CODE ? Addresses.CODE : 0));
            }
            case Symbols.SCRIPT -> now.scriptType[scripts.of(g)];
            default -> 0;
        };
    }

    private void data(int id, OutputItem.Data d, long offset) {
        Value v = evaluator.value(d.value());
        long value = v == null ? 0 : evaluator.addressOf(v);
        var bytes = new byte[d.size().bytes()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[options.endian().isBig() ? bytes.length - 1 - i : i] = (byte) (value >>> 8 * i);
        }
        data.add(new Addresses.Data(id, offset, bytes));
        dot += bytes.length;
    }

    private void text(int id, OutputItem.Text t, long offset) {
        byte[] bytes = t.text().getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
        Long size = t.size() == null ? Long.valueOf(bytes.length + 1) : number(t.size());
        if (size == null || size < 0 || size > 1 << 20) {
            return;
        }
        bytes = java.util.Arrays.copyOf(bytes, Math.toIntExact(size));
        data.add(new Addresses.Data(id, offset, bytes));
        dot += bytes.length;
    }

    private void fill(int id, long offset, klink.script.Fill fill) {
        Value v = evaluator.value(fill.value());
        pattern = fill.pattern(v == null ? 0 : evaluator.addressOf(v));
        fills.add(new Addresses.FillFrom(id, offset, pattern));
    }

    /// GNU ld pads up to and from every move of the location counter separately, each time from the start
    /// of the pattern.
    private void gapEnds(boolean here, int id, long start) {
        if (here) {
            fills.add(new Addresses.FillFrom(id, dot - start, pattern));
        }
    }

    private Long number(Expr e) {
        Value v = evaluator.value(e);
        return v == null ? null : Long.valueOf(evaluator.addressOf(v));
    }

    private static long alignUp(long value, long align) {
        return value + align - 1 & -align;
    }

    @Override
    public long dot() {
        return dot;
    }

    @Override
    public int section() {
        return current;
    }

    @Override
    public long address(int section) {
        return placed[section] ? now.vma[section] : before.vma[section];
    }

    @Override
    public Value symbol(String name) {
        int g = symbols.find(name);
        if (g < 0) {
            return null;
        }
        return switch (symbols.kind(g)) {
            case Symbols.SCRIPT -> {
                int i = scripts.of(g);
                Addresses from = assigned[i] ? now : before;
                yield from.scriptSection[i] == UNKNOWN ? null : new Value(from.scriptSection[i], from.scriptValue[i], false);
            }
            case Symbols.DEFINED, Symbols.DEFINED_WEAK -> objectSymbol(symbols.definingFile(g), symbols.definingSymbol(g));
            case Symbols.UNDEFINED_WEAK -> Value.absolute(0);
            default -> null;
        };
    }

    private Value objectSymbol(int f, int ndx) {
        int section = symbols.file(f).symbolSection(ndx);
        long value = symbols.file(f).symbolValue(ndx);
        if (section <= 0) {
            return Value.absolute(value);
        }
        int id = symbols.firstSection(f) + section;
        int out = place.outputOf(id);
        if (out < 0) {
            return null;
        }
        int holder = id;
        if (merged.isMerged(id)) {
            long located = merged.locate(id, value);
            holder = MergedSections.home(located);
            value = MergedSections.offset(located);
        }
        long offset = now.inputs.of(holder);
        return offset < 0 ? null : Value.in(out, offset + value);
    }

    @Override
    public boolean defined(String name) {
        int g = symbols.find(name);
        if (g < 0) {
            return false;
        }
        byte kind = symbols.kind(g);
        return kind == Symbols.SCRIPT ? assigned[scripts.of(g)] || symbols.definedByObject(g) : kind > Symbols.UNDEFINED && kind != Symbols.ABSENT;
    }

    @Override
    public Value ofSection(Expr.SectionFn fn, String section) {
        Integer id = ids.get(section);
        if (id == null) {
            return null;
        }
        Addresses from = placed[id] ? now : before;
        return switch (fn) {
            case ADDR -> Value.in(id, 0);
            case LOADADDR -> Value.absolute(from.lma[id]);
            case SIZEOF -> Value.number(from.size[id]);
            case ALIGNOF -> Value.number(from.align[id]);
        };
    }

    @Override
    public Value region(boolean length, String name) {
        return regions.value(length, name);
    }

    @Override
    public long sizeofHeaders() {
        return options.elfClass().ehdr + (long) headers * options.elfClass().phdr;
    }

    @Override
    public long constant(String name) {
        return name.equals("COMMONPAGESIZE") ? options.commonPageSize() : options.maxPageSize();
    }

    @Override
    public void report(Problem problem, String what, Pos pos) {
        boolean shown = switch (problem) {
            case ERROR, UNKNOWN -> mode == Mode.FINAL;
            case FAILED_ASSERT -> mode == Mode.FINAL;
        };
        if (shown) {
            String fact = problem == Problem.FAILED_ASSERT ? "linker script assertion failed: " + what : what;
            report.add(Finding.error(fact).at("at " + pos.where()).at(pos.caret().replace("\n", "\n>>> ")).ordered(pos.offset()));
        }
    }
}
