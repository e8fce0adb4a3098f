package klink;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import klink.arch.Machine;
import klink.elf.Elf;
import klink.image.Image;
import klink.input.ObjectFile;
import klink.kallsyms.Candidates;
import klink.kallsyms.Kallsyms;
import klink.kallsyms.NmList;
import klink.kallsyms.WordReader;
import klink.kbuild.SystemMap;
import klink.kernel.KallsymsTable;
import klink.layout.Addresses;
import klink.layout.Sizes;
import klink.mem.LE;
import klink.merge.MergedSections;
import klink.place.Placement;
import klink.report.Report;
import klink.resolve.Symbols;
import klink.symtab.OutputSymbols;
import klink.veneer.Labels;
import klink.veneer.Patches;
import klink.veneer.Veneers;

/// The names of a kernel's symbols, once for kallsyms and once for System.map.
///
/// Which sections the script's symbols belong to, and which symbols lie in text or percpu, is taken from an early layout in which
/// the tables are tiny: it follows from the order of sections, so the final layout must agree, and [#fill] checks it.
final class KernelNames {
    private static final int MOST_RENAMINGS = 8;

    private final LinkOptions opt;
    private final Machine machine;
    /// Null if the kernel has no kallsyms.
    private final ObjectFile object;
    private Kallsyms tables;
    private Candidates names;
    /// The symbols of `names`, and of the patches known when names were settled.
    private NmList nm;
    private Patches patches;
    private int[] listed;
    /// How scripts/kallsyms reads them, where that takes some for others; else null.
    private WordReader reader;
    /// How often names were settled again.
    private int renamings;

    private KernelNames(LinkOptions opt, Machine machine, ObjectFile object) {
        this.opt = opt;
        this.machine = machine;
        this.object = object;
    }

    static KernelNames plan(LinkOptions opt, Machine machine) {
        if (opt.kernel == null || !opt.kernel.hasKallsyms()) {
            return new KernelNames(opt, machine, null);
        }
        var options = options(opt, machine);
        var labels = new ArrayList<String>();
        for (KallsymsTable t : opt.kernel.kernel().kallsymsOrder()) {
            if (options.baseRelative()) {
                labels.add(t.label());
            } else if (t != KallsymsTable.RELATIVE_BASE) {
                labels.add(t == KallsymsTable.OFFSETS ? KallsymsTable.ADDRESSES.label() : t.label());
            }
        }
        return new KernelNames(opt, machine, ObjectFile.synthetic("<kallsyms>", machine.number(), ".rodata", Elf.SHT_PROGBITS, Elf.SHF_ALLOC, machine.elfClass().word, labels.toArray(String[]::new)));
    }

    private static Kallsyms.Options options(LinkOptions opt, Machine machine) {
        return Kallsyms.Options.of(opt.kernel.config(), opt.kernel.kernel(), machine.elfClass().word);
    }

    /// The tables; null if the kernel has none.
    ObjectFile object() {
        return object;
    }

    /// How many words of the tables are addresses; after [#settle].
    int relocationCount() {
        return tables == null ? 0 : tables.relocationCount();
    }

    /// Where in the tables the address is that the others are relative to, bytes.
    int offsetOfBase() {
        for (Kallsyms.Label l : tables.labels()) {
            if (l.name().equals(KallsymsTable.RELATIVE_BASE.label())) {
                return l.offset();
            }
        }
        throw new IllegalStateException(KallsymsTable.RELATIVE_BASE.label());
    }

    /// Settles names, and with them the size of the tables.
    /// @param early   the layout with tiny tables
    /// @param known   patches that will have names too
    /// @param section the id of the tables' section, if there are any
    Sizes settle(Symbols symbols, Placement place, MergedSections merged, OutputSymbols list, Addresses early, Sizes sizes, Patches known, int section, Report report) {
        return settle(symbols, place, merged, list, early, sizes, known, early, sizes, section, report);
    }

    /// Settles names once more, with the patches of settled addresses.
    Sizes settleAgain(Symbols symbols, Placement place, MergedSections merged, OutputSymbols list, Addresses early, Sizes sizes, Veneers settled, int section, Report report) {
        return settle(symbols, place, merged, list, early, sizes, settled.patches(), settled.addresses(), settled.sizes(), section, report);
    }

    /// @param where the best addresses known, and the sizes that they were assigned to: they tell what lies behind a patch
    private Sizes settle(Symbols symbols, Placement place, MergedSections merged, OutputSymbols list, Addresses early, Sizes sizes, Patches known, Addresses where,
            Sizes whereSizes, int section, Report report) {
        patches = known;
        if (opt.kernel == null) {
            return sizes;
        }
        names = Candidates.of(symbols, place, merged, list, early);
        nm = withPatches(names.nm());
        listed = nm.keptBy(opt.kernel.kernel().systemMap());
        if (object == null) {
            return sizes;
        }
        var choice = options(opt, machine);
        reader = reader(where, whereSizes);
        NmList read = reader == null ? nm : reader.nm();
        long[] addresses = choice.all() && !choice.absolutePercpu() ? null : readAddresses(early, sizes);
        Kallsyms.Bounds bounds = names.bounds(early);
        boolean[] inText = choice.all() ? null : names.inText(addresses, bounds, read);
        boolean[] inPercpu = choice.absolutePercpu() ? names.inPercpu(addresses, bounds) : null;
        tables = Kallsyms.names(read, reader == null ? listed : reader.listed(), inText, inPercpu, choice, opt.kernel.kernel(), opt.threads, report);
        int i = 1;
        for (Kallsyms.Label label : orderedLabels()) {
            object.settleLabel(i++, label.offset());
        }
        return sizes.with(section, tables.size(), tables.alignment());
    }

    private WordReader reader(Addresses at, Sizes sizes) {
        boolean nameless = patches.count() > 0 && patches.name(0).isEmpty();
        if (!nameless || !opt.kernel.kernel().readsWords()) {
            return null;
        }
        long[] addresses = addresses(at, sizes);
        return WordReader.of(nm, SystemMap.order(nm, listed, addresses), addresses, 2 * machine.elfClass().word);
    }

    /// The address of each symbol that goes into kallsyms.
    private long[] readAddresses(Addresses at, Sizes sizes) {
        return reader == null ? addresses(at, sizes) : reader.addresses(addresses(at, sizes));
    }

    private NmList withPatches(NmList all) {
        if (patches.count() == 0) {
            return all;
        }
        var text = new ByteArrayOutputStream();
        for (int i = 0; i < patches.count(); i++) {
            text.writeBytes(patches.name(i).getBytes(StandardCharsets.UTF_8));
        }
        NmList more = all.plus(text.toByteArray(), patches.count());
        int at = 0;
        for (int i = 0; i < patches.count(); i++) {
            more.add(more.blobs.length - 1, at, patches.name(i).length(), (byte) 't');
            at += patches.name(i).length();
        }
        return more;
    }

    /// The address of each symbol of [#nm].
    private long[] addresses(Addresses at, Sizes sizes) {
        long[] all = names.addresses(at);
        int known = all.length;
        all = Arrays.copyOf(all, known + patches.count());
        for (int i = 0; i < patches.count(); i++) {
            all[known + i] = patches.address(i, at, sizes);
        }
        return all;
    }

    /// Whether names were settled with other patches than these, or others than kallsyms will read.
    boolean misses(Veneers settled, Report report) {
        boolean others = patches.count() != settled.patches().count();
        patches = settled.patches();
        if (opt.kernel == null || !others && (reader == null || reader.isAs(reader(settled.addresses(), settled.sizes())))) {
            return false;
        }
        if (++renamings > MOST_RENAMINGS) {
            report.error("the names of patches do not settle");
        }
        return renamings <= MOST_RENAMINGS;
    }

    private List<Kallsyms.Label> orderedLabels() {
        var ordered = new ArrayList<Kallsyms.Label>();
        for (int i = 1; i < object.symbolCount(); i++) {
            for (Kallsyms.Label l : tables.labels()) {
                if (l.name().equals(object.symbolName(i))) {
                    ordered.add(l);
                }
            }
        }
        return ordered;
    }

    /// The text of System.map; null if this link makes none.
    /// @param veneers symbols that the list of names does not have
    byte[] systemMap(Addresses at, Sizes sizes, Labels veneers) {
        if (opt.kernel == null || opt.kernel.systemMap() == null) {
            return null;
        }
        if (veneers.ofVeneers() == 0) {
            return SystemMap.bytes(nm, listed, addresses(at, sizes), machine.elfClass().word);
        }
        int known = nm.count();
        NmList all = nm.plus(veneers.names(), veneers.ofVeneers());
        long[] addresses = Arrays.copyOf(addresses(at, sizes), known + veneers.ofVeneers());
        for (int i = 0; i < veneers.ofVeneers(); i++) {
            addresses[all.add(all.blobs.length - 1, veneers.nameOffset(i), veneers.nameLength(i), (byte) 't')] = veneers.address(i);
        }
        return SystemMap.bytes(all, all.keptBy(opt.kernel.kernel().systemMap()), addresses, machine.elfClass().word);
    }

    /// The tables, now that addresses are known; null if there are none.
    Image.Synthetic fill(Symbols symbols, Placement place, MergedSections merged, OutputSymbols list, Addresses at, Sizes sizes, int section, Report report) {
        if (opt.kernel != null && !names.sameLetters(Candidates.of(symbols, place, merged, list, at))) {
            throw new IllegalStateException("a symbol's section changed between the early and the final layout");
        }
        if (tables == null) {
            return null;
        }
        var filled = tables.fill(readAddresses(at, sizes), names.bounds(at), machine.endian(), report);
        int text = symbols.find("_text");
        var relocations = new long[4 * filled.relocations().length];
        for (int i = 0; i < filled.relocations().length; i++) {
            int offset = filled.relocations()[i];
            relocations[4 * i] = offset;
            relocations[4 * i + 1] = machine.absoluteType();
            relocations[4 * i + 2] = text;
            relocations[4 * i + 3] = (machine.elfClass().is64() ? LE.i64(filled.bytes(), offset) : machine.endian().u32(filled.bytes(), offset)) - at.globalAddress(text, merged);
        }
        return new Image.Synthetic(section, filled.bytes(), relocations);
    }
}
