package klink;

import java.io.IOException;
import java.util.Arrays;
import klink.arch.Machine;
import klink.btf.BtfIds;
import klink.btf.BtfOptions;
import klink.btf.BtfReader;
import klink.elf.Elf;
import klink.image.Image;
import klink.input.Inputs;
import klink.input.ObjectFile;
import klink.kernel.PaholeFlag;
import klink.layout.Addresses;
import klink.mem.Endian;
import klink.merge.MergedSections;
import klink.place.OutputSection;
import klink.place.Placement;
import klink.report.Finding;
import klink.report.Report;
import klink.resolve.NameTable;
import klink.resolve.Symbols;
import klink.symtab.OutputSymbols;

/// `.BTF`, the kernel's types, and the `.BTF_ids` that name some of them: 1.9 MB for a small kernel, 5.7 MB for a defconfig.
///
/// kbuild links a whole kernel for pahole to read. Here the types come from the objects ([OwnTypes]), or from a pahole that
/// reads no more than it needs ([PaholeTypes]); both beside the passes that do not wait for their size, which is all a
/// layout must know.
abstract sealed class Types implements AutoCloseable permits OwnTypes, PaholeTypes {
    static final String PERCPU = ".data..percpu";
    static final String IDS = ".BTF_ids";

    final LinkOptions opt;
    final Report report;
    final Endian endian;
    private final ObjectFile object;
    /// The layout before the size of `.BTF` is known.
    Addresses early;

    Types(LinkOptions opt, Machine machine, Report report) {
        this.opt = opt;
        this.report = report;
        endian = machine.endian();
        object = ObjectFile.synthetic("<btf>", machine.number(), ".BTF", Elf.SHT_PROGBITS, Elf.SHF_ALLOC, 1);
    }

    /// Null if this link makes no types.
    static Types plan(LinkOptions opt, Machine machine, Inputs inputs, Report report) {
        if (opt.kernel == null || opt.kernel.btf() == KernelJob.Btf.NONE || opt.relocatable) {
            return null;
        }
        if (!opt.stripDebug && hasDebugInfo(inputs)) {
            return switch (opt.kernel.btf()) {
                case PAHOLE, PARALLEL -> byPahole(opt, machine, report);
                default -> own(opt, machine, report);
            };
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

    /// Types made here, of what the kernel would ask pahole for; by pahole, where that is something that is not known here.
    private static Types own(LinkOptions opt, Machine machine, Report report) {
        KernelJob kernel = opt.kernel;
        String flags = kernel.paholeFlags() != null ? kernel.paholeFlags() : PaholeFlag.all(kernel.kernel(), configuredPahole(kernel));
        try {
            return new OwnTypes(opt, flags.isBlank() ? BtfOptions.DEFAULT : BtfOptions.of(flags), machine, report);
        } catch (BtfOptions.Unknown e) {
            report.add(Finding.note(".BTF is made by pahole: " + e.getMessage()));
            return byPahole(opt, machine, report);
        }
    }

    private static Types byPahole(LinkOptions opt, Machine machine, Report report) {
        return new PaholeTypes(opt, machine, report);
    }

    /// The version that the kernel was configured for, as 124; 0 if it does not say.
    private static int configuredPahole(KernelJob kernel) {
        try {
            return Integer.parseInt(kernel.config().get("CONFIG_PAHOLE_VERSION"));
        } catch (NumberFormatException e) {
            return 0;
        }
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

    /// Begins, as soon as it is settled which files make up the link.
    abstract void read(Symbols symbols);

    /// Goes on with what the early layout tells.
    abstract void start(Symbols symbols, Placement place, MergedSections merged, OutputSymbols list, Addresses early) throws IOException;

    /// Waits for the types; bytes of `.BTF`.
    abstract int size();

    /// The contents.
    abstract Image.Synthetic fill(Symbols symbols, Placement place, Addresses at, int section);

    /// The types, after [#size].
    abstract BtfReader types();

    @Override
    public abstract void close();

    OutputSection kept(Placement place, String name) {
        OutputSection s = place.find(name);
        return s != null && early.isKept(s.id()) ? s : null;
    }

    /// A symbol with a place in the image.
    @FunctionalInterface
    interface Visitor {
        /// @param table the string table with the name
        /// @param f     the file that defines it
        /// @param ndx   its index there
        /// @param out   its output section
        void symbol(byte[] table, int offset, int length, int f, int ndx, int out);
    }

    /// Shows `visitor` all symbols of the image that stand in sections of objects, in symbol table order.
    static void symbols(Symbols symbols, Placement place, OutputSymbols list, Visitor visitor) {
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
            ids.resolve(types());
            image.edit(section.id(), 0, at.size(section.id()), bytes -> ids.patch(bytes, endian));
        }
    }
}
