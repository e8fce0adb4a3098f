package klink;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import klink.arch.Machine;
import klink.btf.BtfReader;
import klink.btf.Pahole;
import klink.btf.PaholeImage;
import klink.elf.Elf;
import klink.image.DebugSections;
import klink.image.Image;
import klink.kernel.PaholeFlag;
import klink.layout.Addresses;
import klink.merge.MergedSections;
import klink.par.Par;
import klink.place.OutputSection;
import klink.place.Placement;
import klink.report.Report;
import klink.resolve.Symbols;
import klink.symtab.OutputSymbols;

/// Types as pahole makes them (`--btf=pahole`).
///
/// It reads a file with just what it needs, made from the same resolved inputs ([PaholeImage]), and runs beside the passes
/// that do not wait for the size of `.BTF`. What it read must still be true at the end, so [#fill] compares the two layouts.
final class PaholeTypes extends Types {
    /// What pahole may follow a reference into, whatever the compiler and DWARF version.
    private static final List<String> DEBUG = List.of(".debug_info", ".debug_abbrev", ".debug_str", ".debug_line_str", ".debug_str_offsets",
            ".debug_addr", ".debug_types");
    /// From this version on, pahole looks at how parameters are passed.
    private static final int READS_LOCATIONS = 125;
    private static final List<String> LOCATIONS = List.of(".debug_loc", ".debug_loclists");

    private final Machine machine;
    private final Path file;
    private final Path scratch;
    private final Par.Result<Integer> versionOf;
    private final Thread atExit = new Thread(this::discard, "klink-types-exit");
    private int version;
    private volatile Pahole pahole;
    private Par.Result<byte[]> run;
    private List<OutputSection> read;
    private byte[] btf;
    private volatile BtfReader types;

    PaholeTypes(LinkOptions opt, Machine machine, Report report) {
        super(opt, machine, report);
        this.machine = machine;
        Path beside = opt.output.toAbsolutePath();
        String name = "." + beside.getFileName() + ".types-" + ProcessHandle.current().pid();
        file = beside.resolveSibling(name);
        scratch = beside.resolveSibling(name + ".btf");
        versionOf = Par.compute("pahole-version", () -> Pahole.version(opt.kernel.pahole(), report));
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    @Override
    void read(Symbols symbols) {
        // pahole waits for the early layout
    }

    /// Writes what pahole reads and starts it.
    @Override
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
        var image = new PaholeImage(machine.elfClass().ident, machine.number(), machine.endian());
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
            DebugSections.write(symbols, place, merged, early, machine, read, opt.threads, (out, bytes, offset) -> open.write(ndx.get(out), bytes, offset));
        }
        if (percpu != null) {
            read.add(percpu);
        }
    }

    /// Waits for pahole; bytes of `.BTF`.
    @Override
    int size() {
        btf = run.get();
        return btf.length;
    }

    /// The contents, if what pahole read holds in the final layout too.
    @Override
    Image.Synthetic fill(Symbols symbols, Placement place, Addresses at, int section) {
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

    @Override
    BtfReader types() {
        return types;
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
