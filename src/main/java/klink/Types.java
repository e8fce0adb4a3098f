package klink;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import klink.btf.BtfIds;
import klink.btf.BtfReader;
import klink.btf.Pahole;
import klink.btf.PaholeImage;
import klink.elf.Elf;
import klink.image.DebugSections;
import klink.image.Image;
import klink.input.Inputs;
import klink.input.ObjectFile;
import klink.kernel.PaholeFlag;
import klink.layout.Addresses;
import klink.merge.MergedSections;
import klink.par.Par;
import klink.place.OutputSection;
import klink.place.Placement;
import klink.report.Finding;
import klink.report.Report;
import klink.resolve.NameTable;
import klink.resolve.Symbols;
import klink.symtab.OutputSymbols;

/// `.BTF`, the kernel's types, and the `.BTF_ids` that name some of them.
///
/// kbuild links a whole kernel for pahole to read. Here pahole reads a file with just what it needs, made
/// from the same resolved inputs ([PaholeImage]); it runs beside the passes that do not wait for its size,
/// which is all a layout must know: 1.9 MB for a small kernel, 5.7 MB for a defconfig. What it
/// read must still be true at the end, so [#fill] compares the two layouts.
final class Types implements AutoCloseable {
    private static final String PERCPU = ".data..percpu";
    private static final String IDS = ".BTF_ids";
    /// What pahole may follow a reference into, whatever the compiler and DWARF version.
    private static final List<String> DEBUG = List.of(".debug_info", ".debug_abbrev", ".debug_str", ".debug_line_str", ".debug_str_offsets",
            ".debug_addr", ".debug_types");
    /// From this version on, pahole looks at how parameters are passed.
    private static final int READS_LOCATIONS = 125;
    private static final List<String> LOCATIONS = List.of(".debug_loc", ".debug_loclists");

    private final LinkOptions opt;
    private final Report report;
    private final int machine;
    private final ObjectFile object;
    private final Path file;
    private final Path scratch;
    private final Par.Result<Integer> versionOf;
    private final Thread atExit = new Thread(this::discard, "klink-types-exit");
    private int version;
    private volatile Pahole pahole;
    private Par.Result<byte[]> run;
    private Addresses early;
    private List<OutputSection> read;
    private byte[] btf;
    private volatile BtfReader types;

    private Types(LinkOptions opt, int machine, Report report) {
        this.opt = opt;
        this.report = report;
        this.machine = machine;
        object = ObjectFile.synthetic("<btf>", machine, ".BTF", Elf.SHT_PROGBITS, Elf.SHF_ALLOC, 1);
        Path beside = opt.output.toAbsolutePath();
        String name = "." + beside.getFileName() + ".types-" + ProcessHandle.current().pid();
        file = beside.resolveSibling(name);
        scratch = beside.resolveSibling(name + ".btf");
        versionOf = Par.compute("pahole-version", () -> Pahole.version(opt.kernel.pahole(), report));
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    /// Null if this link makes no types.
    static Types plan(LinkOptions opt, int machine, Inputs inputs, Report report) {
        if (opt.kernel == null || opt.kernel.btf() == KernelJob.Btf.NONE || opt.relocatable) {
            return null;
        }
        if (!opt.stripDebug && hasDebugInfo(inputs)) {
            return new Types(opt, machine, report);
        }
        String none = opt.stripDebug ? "--strip-debug leaves out" : "the objects do not have";
        if (opt.kernel.btf() == KernelJob.Btf.CONFIGURED) {
            report.add(Finding.warning("no .BTF: " + none + " the debug information that it is made from")
                    .at("the configuration asks for it (CONFIG_DEBUG_INFO_BTF); --btf=none says that it is not wanted"));
        } else {
            report.add(Finding.error("cannot make .BTF: " + none + " debug information"));
        }
        return null;
    }

    /// Looks as far as the first compiled object, unless there is no debug information.
    private static boolean hasDebugInfo(Inputs inputs) {
        for (Inputs.Item item : inputs.items()) {
            if (item instanceof Inputs.Definite(ObjectFile file)) {
                for (int s = 1; s < file.sectionCount(); s++) {
                    if (file.type(s) == Elf.SHT_PROGBITS && (file.flags(s) & Elf.SHF_ALLOC) == 0 && file.sectionName(s).equals(".debug_info")) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    /// The object that `.BTF` is in; kbuild links it as the last of all.
    ObjectFile object() {
        return object;
    }

    /// Writes what pahole reads and starts it.
    /// @param early a layout before the size of `.BTF` is known
    void start(Symbols symbols, Placement place, MergedSections merged, OutputSymbols list, Addresses early) throws IOException {
        this.early = early;
        version = versionOf.get();
        String flags = opt.kernel.paholeFlags() != null ? opt.kernel.paholeFlags() : PaholeFlag.all(opt.kernel.kernel(), version);
        write(symbols, place, merged, list, flags.contains("decl_tag_kfuncs"));
        var tool = new Pahole(opt.kernel.pahole(), flags, opt.kernel.btf() == KernelJob.Btf.PARALLEL, report);
        pahole = tool;
        run = Par.compute("pahole", () -> {
            byte[] made = tool.encode(file, scratch);
            delete(file);
            types = BtfReader.of(MemorySegment.ofArray(made), ".BTF as pahole made it");
            return made;
        });
    }

    private void write(Symbols symbols, Placement place, MergedSections merged, OutputSymbols list, boolean tagsKfuncs) throws IOException {
        var image = new PaholeImage(Elf.ELFCLASS64, machine);
        OutputSection percpu = kept(place, PERCPU);
        int percpuNdx = percpu == null ? -1
                : image.place(PERCPU, early.flags(percpu.id()), early.address(percpu.id()), early.size(percpu.id()));
        int text = image.place(".text", Elf.SHF_ALLOC | Elf.SHF_EXECINSTR, 0, 0);
        var names = new ArrayList<>(DEBUG);
        if (version >= READS_LOCATIONS) {
            names.addAll(LOCATIONS);
        }
        if (tagsKfuncs) {
            names.add(IDS);
        }
        read = new ArrayList<>();
        var ndx = new HashMap<Integer, Integer>();
        for (String name : names) {
            OutputSection s = kept(place, name);
            if (s != null && early.type(s.id()) != Elf.SHT_NOBITS) {
                read.add(s);
                ndx.put(s.id(), image.reserve(name, early.flags(s.id()), early.address(s.id()), early.size(s.id())));
            }
        }
        OutputSection ids = tagsKfuncs ? kept(place, IDS) : null;
        symbols(symbols, place, list, (table, offset, length, f, i, out) -> {
            int type = Elf.type(symbols.file(f).symbolInfo(i));
            int section = type == Elf.STT_FUNC ? text
                    : type == Elf.STT_OBJECT && percpu != null && out == percpu.id() ? percpuNdx
                    : ids != null && out == ids.id() ? ndx.get(out) : 0;
            if (section != 0) {
                image.symbol(table, offset, length, type, section, early.symbolAddress(f, i, merged), symbols.file(f).symbolSize(i));
            }
        });
        try (PaholeImage.Open open = image.open(file)) {
            DebugSections.write(symbols, place, merged, early, read, opt.threads, (out, bytes, offset) -> open.write(ndx.get(out), bytes, offset));
        }
        if (percpu != null) {
            read.add(percpu);
        }
    }

    /// A symbol with a place in the image.
    @FunctionalInterface
    private interface Visitor {
        /// @param table the string table with the name
        /// @param f     the file that defines it
        /// @param ndx   its index there
        /// @param out   its output section
        void symbol(byte[] table, int offset, int length, int f, int ndx, int out);
    }

    /// Shows `visitor` all symbols of the image that stand in sections of objects, in symbol table order.
    private static void symbols(Symbols symbols, Placement place, OutputSymbols list, Visitor visitor) {
        for (int i = 0; i < list.localCount(); i++) {
            int out = list.localOutput(i);
            if (out >= 0) {
                byte[] table = list.localNames(i);
                int offset = list.localNameOffset(i);
                visitor.symbol(table, offset, NameTable.length(table, offset), list.localFile(i), list.localSymbol(i), out);
            }
        }
        NameTable names = symbols.names();
        for (int i = 0; i < list.globalCount(); i++) {
            int g = list.global(i);
            if (symbols.kind(g) != Symbols.DEFINED && symbols.kind(g) != Symbols.DEFINED_WEAK) {
                continue;
            }
            int f = symbols.definingFile(g);
            int ndx = symbols.definingSymbol(g);
            int section = symbols.file(f).symbolSection(ndx);
            int out = section > 0 ? place.outputOf(symbols.firstSection(f) + section) : -1;
            if (out >= 0) {
                visitor.symbol(names.table(g), names.offset(g), names.length(g), f, ndx, out);
            }
        }
    }

    private OutputSection kept(Placement place, String name) {
        OutputSection s = place.find(name);
        return s != null && early.isKept(s.id()) ? s : null;
    }

    /// Waits for pahole; bytes of `.BTF`.
    int size() {
        btf = run.get();
        return btf.length;
    }

    /// The contents, if what pahole read holds in the final layout too.
    Image.Synthetic fill(Placement place, Addresses at, int section) {
        for (OutputSection s : read) {
            boolean same = early.size(s.id()) == at.size(s.id()) && (s.isAlloc() || early.address(s.id()) == at.address(s.id()));
            for (int input : place.inputsOf(s)) {
                same &= early.offset(input) == at.offset(input);
            }
            if (!same) {
                throw new IllegalStateException(s.name() + " changed between the early and the final layout, after pahole had read it");
            }
        }
        return new Image.Synthetic(section, btf, new long[0]);
    }

    /// Numbers `.BTF_ids` in the written image, as tools/bpf/resolve_btfids does.
    void number(Image image, Symbols symbols, Placement place, MergedSections merged, OutputSymbols list, Addresses at) {
        OutputSection section = kept(place, IDS);
        if (section == null || !opt.kernel.config().has("CONFIG_BPF")) {
            return;
        }
        var ids = new BtfIds(report);
        long start = at.address(section.id());
        symbols(symbols, place, list, (table, offset, length, f, i, out) -> {
            if (out == section.id()) {
                ids.add(Arrays.copyOfRange(table, offset, offset + length), at.symbolAddress(f, i, merged) - start, symbols.file(f).symbolSize(i));
            }
        });
        if (!ids.isEmpty()) {
            ids.resolve(types);
            image.edit(section.id(), 0, at.size(section.id()), ids::patch);
        }
    }

    /// Ends pahole, if it still runs, and removes what it read.
    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException e) {
            return; // the process is being ended, and the hook does the same
        }
        discard();
    }

    private void discard() {
        Pahole tool = pahole;
        if (tool != null) {
            tool.cancel();
        }
        delete(file);
        delete(scratch);
    }

    private static void delete(Path path) {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            // a file that stays is no reason to fail a link
        }
    }
}
