package klink;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.function.IntPredicate;
import klink.check.Checks;
import klink.check.Violation;
import klink.arch.Machine;
import klink.elf.Elf;
import klink.image.Image;
import klink.image.OutputFile;
import klink.image.TableSorts;
import klink.input.Inputs;
import klink.input.ObjectFile;
import klink.layout.Addresses;
import klink.layout.Layout;
import klink.layout.Sizes;
import klink.layout.TocEdit;
import klink.map.LinkMap;
import klink.merge.MergedSections;
import klink.par.Par;
import klink.place.AssignedNames;
import klink.place.Liveness;
import klink.place.Placement;
import klink.place.Placer;
import klink.place.PropertyNotes;
import klink.report.Report;
import klink.resolve.Resolution;
import klink.resolve.Symbols;
import klink.script.Command;
import klink.script.Script;
import klink.symtab.OutputSymbols;
import klink.veneer.Patches;
import klink.veneer.Plan;
import klink.veneer.Veneers;

/// The whole link, as the list of its passes. Each makes something new from what is above it and
/// changes nothing; where a line says "settled", nothing below it can change that any more.
public final class Link {
    private static final Path STANDARD_OUTPUT = Path.of("-");

    private final LinkOptions opt;
    private final Report report;
    /// Makes `.BTF` beside the passes; null if the link has none.
    private Types types;

    private Link(LinkOptions opt, Report report) {
        this.opt = opt;
        this.report = report;
    }

    /// Links; the output and side files appear whole, or not at all.
    /// @throws klink.report.LinkFailed after errors, which the report has shown
    /// @param parser reads the script, beside the inputs
    public static void link(LinkOptions opt, Callable<Script> parser, Report report) throws IOException {
        var link = new Link(opt, report);
        try {
            link.run(parser);
        } finally {
            if (link.types != null) {
                link.types.close();
            }
        }
    }

    private void run(Callable<Script> parser) throws IOException {
        int threads = opt.threads;
        Par.Result<Script> parsing = Par.compute("script", parser);
        Inputs named = report.pass("read", () -> Inputs.read(opt.inputs, threads, report));
        Script script = report.pass("script", parsing::get);
        report.stopOnErrors();                                                    // settled: the files named
        int machine = Target.machine(named, opt, report);
        report.stopOnErrors();
        Machine cpu = Target.processor(machine, named, opt);
        var exporting = Par.compute("exports", () -> Exported.of(opt, named, cpu, report));
        Inputs inputs = Exported.among(named, opt, exporting);                    // the table of exports is one more
        types = Types.plan(opt, cpu, named, report);
        report.stopOnErrors();
        var made = Made.plan(opt, cpu, types);
        List<Command.Assign> defsyms = Target.presets(opt, machine);
        Symbols resolved = report.pass("resolve", () -> resolve(made.amid(inputs), script, made, defsyms));
        Target.checkMembers(resolved, cpu, report);
        report.stopOnErrors();
        Liveness live = !opt.gcSections ? null : report.pass("gc", () -> mark(script, resolved, defsyms));
        var own = new MachinePasses(opt, cpu, report);
        Symbols symbols = own.withOffsetTable(resolved, live);                    // settled: files and symbols
        if (types != null) {
            types.read(symbols);                                                  // beside all up to the list of symbols
        }
        var checking = Par.compute("check", () -> check(symbols));                // beside all that follows
        PropertyNotes notes = opt.relocatable ? PropertyNotes.NONE : PropertyNotes.of(symbols);
        own.unite(symbols);
        Placement place = report.pass("place", () -> Placer.place(script, symbols, (id, file, ndx) -> !notes.drops(id) && !own.drops(id) && keeps(live, id, file, ndx), orphans(), (id, file, ndx) -> apart(symbols, id, file, ndx), report));
        List<Command.Assign> preset = Target.sectionBounds(symbols, place, defsyms, report);
        MergedSections merged = report.pass("merge", () -> MergedSections.merge(symbols, place, !opt.relocatable, threads, report));
        report.stopOnErrors();                                                    // settled: who goes where
        Sizes inputSizes = own.united(place, made.knownSizes(symbols, Sizes.of(symbols, place, merged, threads)));
        klink.layout.Options layout = layoutOptions(script, symbols, cpu);
        Addresses first = report.pass("early", () -> Layout.assign(script, symbols, place, merged, inputSizes, layout, preset, true, report));
        Sizes tabled = made.withBranchWords(symbols, inputSizes, Plan.foreseeWords(symbols, place, merged, cpu, Target.dynamicSections(opt), made.veneerAids(symbols), first, inputSizes, threads));
        Addresses early = tabled == inputSizes ? first : report.pass("early", () -> Layout.assign(script, symbols, place, merged, tabled, layout, preset, true, report));
        own.editContents(symbols, place, early);
        IntPredicate dynamic = made.findWeak(symbols, place, own.contents());
        OutputSymbols list = report.pass("list", () -> OutputSymbols.list(symbols, place, merged, early.kept(), policy(live, cpu, dynamic), localOrder(symbols), threads));
        if (types != null) {
            report.pass("types", () -> types.start(symbols, place, merged, list, early));
        }
        Patches foreseen = own.foreseePatches(symbols, place, merged, early, tabled);
        Sizes namesSized = report.pass("names", () -> made.settle(symbols, place, merged, list, early, tabled, foreseen, report));
        Sizes machineSized = own.settle(symbols, place, made, early, namesSized);
        Sizes sizes = types == null ? machineSized : report.pass("wait for types", () -> made.settleTypes(symbols, machineSized));
        report.pass("check", () -> Check.report(checking.get(), opt.kernel, report));
        Exported exported = report.pass("exports", exporting::get);
        exported.check(symbols, report);
        report.stopOnErrors();                                                    // settled: every size
        Function<Sizes, Addresses> assign = s -> Layout.assign(script, symbols, place, merged, s, layout, preset, false, report);
        Veneers settled = null;
        for (Sizes more = sizes; more != null; more = made.grown(symbols, place, merged, list, early, settled.sizes(), settled, report)) {
            Sizes s = more;                                                       // once more is rare: the early layout had misled
            Patches known = settled == null ? foreseen : settled.patches();
            settled = report.pass("address", () -> opt.relocatable ? Plan.none(symbols, place, merged, cpu, s, assign, report)
                    : Plan.settle(symbols, place, merged, cpu, own.erratum(), known, Target.dynamicSections(opt), s, made.veneerAids(symbols), assign, threads, report));
        }
        Veneers veneers = settled;
        Addresses at = veneers.addresses();
        veneers.report(report);
        report.stopOnErrors();                                                    // settled: every address
        var filling = Par.compute("fill", () -> made.fill(symbols, place, merged, list, at, veneers.sizes(), report));
        long entry = opt.relocatable ? 0 : Target.entry(script, opt.entry, symbols, place, merged, at, report);
        var options = new Image.Options(opt.output.toString(), cpu, opt.relocatable ? Elf.ET_REL : opt.movable ? Elf.ET_DYN : Elf.ET_EXEC, opt.pie, entry, opt.emitRelocs || opt.relocatable,
                opt.debugRelocs, threads);
        try (Image image = report.pass("plan", () -> create(symbols, place, merged, veneers, list, made, own, options))) {
            image.supplies().fill(report.pass("fill", filling::get));
            made.fillBranchWords(symbols, veneers, image);
            own.use(image, symbols, merged, made, at);
            report.stopOnErrors();
            var systemMap = Par.compute("system-map", () -> made.systemMap(at, veneers.sizes(), veneers.labels()));
            var symvers = Par.compute("symvers", () -> exported.sideFiles(symbols));
            report.pass("copy", image::copyAndRelocate);
            report.stopOnErrors();
            report.pass("sort", () -> sortTables(image, cpu, symbols, place, merged, at));
            if (types != null) {
                report.pass("type ids", () -> types.number(image, symbols, place, merged, list, at));
            }
            made.buildId(image, at, place, symbols);
            report.stopOnErrors();
            refuseWarnings();
            report.pass("side files", () -> sideFiles(systemMap.get(), symvers.get(), symbols, place, veneers.sizes(), at));
            report.pass("commit", image::commit);
        }
    }

    private Symbols resolve(Inputs inputs, Script script, Made made, List<Command.Assign> defsyms) {
        var names = AssignedNames.of(script.commands(), defsyms);
        var roots = new ArrayList<>(opt.undefined);
        for (Command c : script.commands()) {
            if (c instanceof Command.Extern e) {
                roots.addAll(e.symbols());
            }
        }
        return Resolution.resolve(inputs, made.second(), made.last(), names.plain(), names.provided(), names.hidden(), roots, !opt.relocatable, opt.allowMultipleDefinition, opt.threads, report);
    }

    private List<Violation> check(Symbols symbols) {
        return opt.kernel == null || opt.kernel.checks() == null ? List.of()
                : Checks.run(symbols, opt.kernel.kernel().sections(), opt.kernel.checks(), Math.max(1, opt.threads - 1));
    }

    /// Whether `-r` keeps the section on its own (`--unique`). One that begins with a function which another object's replaced
    /// stays behind its neighbour: objtool knows such dead code by the symbol before it (`ignore_unreachable_insn`). Not on arm, for which there is
    /// no objtool, and where each section of code has an unwind index of its own.
    private Placer.Apart apart(Symbols symbols, int section, ObjectFile file, int ndx) {
        if (!isUnique(file, ndx)) {
            return Placer.Apart.TOGETHER;
        }
        if (file.machine() == Elf.EM_ARM) {
            return Placer.Apart.ALONE;
        }
        int f = symbols.fileOfSection(section);
        for (int i = file.firstGlobal(); i < file.symbolCount(); i++) {
            if (file.symbolSection(i) == ndx && file.symbolValue(i) == 0) {
                int g = symbols.global(f, i);
                return symbols.definingFile(g) == f && symbols.definingSymbol(g) == i ? Placer.Apart.ALONE : Placer.Apart.BEHIND;
            }
        }
        return Placer.Apart.ALONE;
    }

    private boolean isUnique(ObjectFile file, int ndx) {
        boolean unique = opt.unique;
        for (int i = 0; i < opt.uniqueNames.size() && !unique; i++) {
            unique = opt.uniqueNames.get(i).matches(file.sectionName(ndx));
        }
        return unique;
    }

    private Placer.Orphans orphans() {
        return !opt.relocatable ? opt.orphans : Placer.Orphans.BY_NAME;
    }

    private Liveness mark(Script script, Symbols symbols, List<Command.Assign> defsyms) {
        var roots = new ArrayList<>(opt.undefined);
        roots.addAll(Target.entryNames(script, opt.entry));
        Liveness live = Liveness.mark(script, symbols, roots, defsyms);
        if (opt.printGcSections) {
            live.report(report);
        }
        return live;
    }

    private boolean keeps(Liveness live, int id, ObjectFile file, int ndx) {
        return (live == null || live.isLive(id)) && keeps(file, ndx);
    }

    private boolean keeps(ObjectFile file, int ndx) {
        return !opt.stripDebug && !opt.stripAll || (file.flags(ndx) & Elf.SHF_ALLOC) != 0 || !isDebug(file.sectionName(ndx));
    }

    private static boolean isDebug(String name) {
        return name.startsWith(".debug") || name.startsWith(".zdebug") || name.startsWith(".stab") || name.startsWith(".line")
                || name.startsWith(".gdb_index");
    }

    private OutputSymbols.Policy policy(Liveness live, Machine machine, IntPredicate dynamic) {
        return new OutputSymbols.Policy(opt.discard, opt.stripAll, opt.stripDebug, opt.emitRelocs || opt.relocatable || machine.listsSections(), opt.relocatable, opt.movable,
                // GNU ld lists what is undefined only where a relocation that stays names it.
                g -> opt.relocatable || dynamic.test(g) || opt.emitRelocs && (live == null || live.isNamed(g)));
    }

    /// modpost writes exports in the order in which a merged object lists them.
    private int[] localOrder(Symbols symbols) {
        if (!opt.relocatable) {
            return null;
        }
        var files = new ArrayList<ObjectFile>();
        for (int f = 0; f < symbols.fileCount(); f++) {
            files.add(symbols.file(f));
        }
        return opt.mergeOrder.order(files);
    }

    private klink.layout.Options layoutOptions(Script script, Symbols symbols, Machine cpu) {
        Boolean execStack = opt.relocatable ? null : Target.execStack(opt.execStack, script, symbols);
        return new klink.layout.Options(opt.maxPageSize != 0 ? opt.maxPageSize : cpu.maxPageSize(), opt.commonPageSize, opt.emitRelocs || opt.relocatable, opt.separateCode != null ? opt.separateCode : cpu.separatesCode(),
                execStack != null && execStack, execStack != null, opt.relocatable, cpu.elfClass(), cpu.endian(), opt.starts);
    }

    private Image create(Symbols symbols, Placement place, MergedSections merged, Veneers veneers, OutputSymbols list, Made made,
            MachinePasses own, Image.Options options) throws IOException {
        return Image.create(opt.output, symbols, place, merged, veneers, list, own.withAdded(made.relocationCounts(symbols)), own.contents(), options, report);
    }

    private void sortTables(Image image, Machine machine, Symbols symbols, Placement place, MergedSections merged, Addresses at) {
        if (opt.kernel != null) {
            TableSorts.sort(image, machine, opt.kernel.kernel(), opt.kernel.config(), symbols, place, merged, at, report, opt.output.toString());
        }
    }

    private void sideFiles(byte[] systemMap, Map<Path, byte[]> symvers, Symbols symbols, Placement place, Sizes sizes, Addresses at) throws IOException {
        if (opt.map != null) {
            write(opt.map, LinkMap.text(symbols, place, sizes, at));
        }
        if (systemMap != null) {
            write(opt.kernel.systemMap(), systemMap);
        }
        for (var side : symvers.entrySet()) {
            write(side.getKey(), side.getValue());
        }
    }

    /// `--fatal-warnings`: nothing is written after a warning.
    private void refuseWarnings() {
        if (opt.warningsAreErrors && report.warnings() > 0) {
            report.error(report.warnings() + " warning" + (report.warnings() == 1 ? "" : "s") + ", which --fatal-warnings makes an error");
        }
        report.stopOnErrors();
    }

    private static void write(Path path, byte[] bytes) throws IOException {
        if (path.equals(STANDARD_OUTPUT)) {
            System.out.writeBytes(bytes);
            System.out.flush();
            return;
        }
        try (OutputFile file = OutputFile.create(path, false)) {
            file.write(java.lang.foreign.MemorySegment.ofArray(bytes), 0);
            file.commit();
        }
    }

}
