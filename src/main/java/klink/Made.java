package klink;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import klink.arch.Machine;
import klink.dynamic.DynamicSections;
import klink.dynamic.Movable;
import klink.dynamic.PackedWords;
import klink.dynamic.Relatives;
import klink.dynamic.WeakWords;
import klink.elf.Elf;
import klink.got.Got;
import klink.image.Image;
import klink.image.MovingWords;
import klink.input.Inputs;
import klink.input.ObjectFile;
import klink.kallsyms.Candidates;
import klink.kallsyms.Kallsyms;
import klink.kallsyms.NmList;
import klink.kbuild.SystemMap;
import klink.kernel.KallsymsTable;
import klink.layout.Addresses;
import klink.layout.Sizes;
import klink.layout.Toc;
import klink.layout.TocEdit;
import klink.mem.LE;
import klink.merge.MergedSections;
import klink.place.Placement;
import klink.report.Report;
import klink.resolve.Symbols;
import klink.symtab.OutputSymbols;
import klink.veneer.Labels;
import klink.veneer.Patches;
import klink.veneer.Veneers;

/// The sections that klink makes itself: the kallsyms tables, the types, the build-id note. Each exists as a synthetic
/// object from the start, has its size settled from names, and is filled when addresses are known.
final class Made {
    private final LinkOptions opt;
    private final ObjectFile buildId;
    private final ObjectFile kallsyms;
    private final ObjectFile words;
    /// Null if no startup code asks for them.
    private final DynamicSections dynamic;
    /// Null if nobody asks for them.
    private SaveRestore saveRestore;
    private final Machine machine;
    private final Types types;
    private long wordCount;
    /// Null if `.relr.dyn` is not asked for.
    private final ObjectFile packedTable;
    private PackedWords packed;
    private Kallsyms tables;
    private Candidates names;
    /// The symbols of `names`, and of the patches known when names were settled.
    private NmList nm;
    private Patches patches;
    private int[] listed;
    /// What veneers load addresses from; null on a machine whose veneers do not.
    private final ObjectFile branchTable;
    private int branchWords;
    /// Null where names that nothing defines are nobody's.
    private WeakWords weak;
    private boolean inReadOnly;

    private Made(LinkOptions opt, Machine machine, ObjectFile buildId, ObjectFile kallsyms, Types types) {
        this.machine = machine;
        words = opt.movable ? ObjectFile.synthetic("<moving words>", machine.number(), ".rela.dyn", Elf.SHT_PROGBITS, Elf.SHF_ALLOC, 8, Elf.RELA_SIZE) : null;
        packedTable = opt.movable && opt.packDynamic ? ObjectFile.synthetic("<packed words>", machine.number(), ".relr.dyn", opt.androidRelr ? Elf.SHT_ANDROID_RELR : Elf.SHT_RELR, Elf.SHF_ALLOC, 8, 8) : null;
        dynamic = opt.movable && machine.hasContents() ? new DynamicSections(machine.number()) : null;
        branchTable = machine.groupsVeneers() && !opt.relocatable ? ObjectFile.synthetic("<branch table>", machine.number(), ".branch_lt", Elf.SHT_PROGBITS, Elf.SHF_ALLOC | Elf.SHF_WRITE, 8, 8) : null;
        this.opt = opt;
        this.buildId = buildId;
        this.kallsyms = kallsyms;
        this.types = types;
    }

    /// Decides what is made for this link.
    /// @param types what makes `.BTF`, or null
    static Made plan(LinkOptions opt, int machine, Types types) {
        ObjectFile note = opt.buildIdSize() == 0 || opt.relocatable ? null
                : ObjectFile.synthetic("<build id>", machine, ".note.gnu.build-id", Elf.SHT_NOTE, Elf.SHF_ALLOC, 4);
        ObjectFile tables = null;
        if (opt.kernel != null && opt.kernel.hasKallsyms()) {
            var options = Kallsyms.Options.of(opt.kernel.config(), opt.kernel.kernel(), Machine.of(machine).elfClass().word);
            var labels = new ArrayList<String>();
            for (KallsymsTable t : opt.kernel.kernel().kallsymsOrder()) {
                if (options.baseRelative()) {
                    labels.add(t.label());
                } else if (t != KallsymsTable.RELATIVE_BASE) {
                    labels.add(t == KallsymsTable.OFFSETS ? KallsymsTable.ADDRESSES.label() : t.label());
                }
            }
            tables = ObjectFile.synthetic("<kallsyms>", machine, ".rodata", Elf.SHT_PROGBITS, Elf.SHF_ALLOC, Machine.of(machine).elfClass().word, labels.toArray(String[]::new));
        }
        return new Made(opt, Machine.of(machine), note, tables, types);
    }

    /// The inputs with what is linked before them, and functions that they expect of a linker.
    Inputs amid(Inputs inputs) {
        if (!machine.hasContents() || opt.relocatable) {
            return inputs;
        }
        var items = new ArrayList<>(inputs.items());
        if (dynamic != null) {
            items.addFirst(new Inputs.Definite(dynamic.contents()));
        }
        saveRestore = SaveRestore.of(inputs, machine.number());
        if (saveRestore != null) {
            items.add(new Inputs.Definite(saveRestore.object()));
        }
        return new Inputs(items);
    }

    /// The object that is linked second.
    ObjectFile second() {
        return buildId;
    }

    /// The objects that are linked last.
    List<ObjectFile> last() {
        var last = new ArrayList<ObjectFile>();
        if (kallsyms != null) {
            last.add(kallsyms);
        }
        if (types != null) {
            last.add(types.object());
        }
        if (words != null) {
            last.add(words);
        }
        if (packedTable != null) {
            last.add(packedTable);
        }
        if (branchTable != null) {
            last.add(branchTable);
        }
        if (dynamic != null) {
            last.addAll(dynamic.objects());
        }
        return last;
    }

    /// The sizes that follow from the options alone.
    Sizes knownSizes(Symbols symbols, Sizes sizes) {
        return buildId == null ? sizes : sizes.with(section(symbols, buildId), 16 + opt.buildIdSize(), 4);
    }

    /// Finds the words that hold addresses of weak names which nothing defines, if those are listed.
    /// @return whether a name is to be in the symbol table for that
    IntPredicate findWeak(Symbols symbols, Placement place, TocEdit edit) {
        weak = dynamic == null ? null : WeakWords.of(symbols, place, machine.absoluteType(), edit, opt.threads);
        return weak == null ? _ -> false : weak::isNamed;
    }

    /// Id of the section with words for veneers; -1 if there is none.
    int branchTable(Symbols symbols) {
        return branchTable == null ? -1 : section(symbols, branchTable);
    }

    /// The sizes with so many of these words.
    Sizes withBranchWords(Symbols symbols, Sizes sizes, int count) {
        branchWords = count;
        return branchTable == null ? sizes : count == 0 ? sizes.without(branchTable(symbols)) : sizes.with(branchTable(symbols), 8L * count, 8);
    }

    /// Writes them.
    void fillBranchWords(Symbols symbols, Veneers veneers, Image image) {
        if (branchWords > 0) {
            var bytes = new byte[8 * branchWords];
            var offsets = new int[branchWords];
            for (int i = 0; i < branchWords; i++) {
                LE.put64(bytes, 8 * i, i < veneers.table().length ? veneers.table()[i] : 0);
                offsets[i] = 8 * i;
            }
            image.fill(branchTable(symbols), bytes, offsets);
        }
    }

    /// Settles the sizes of what is made. Which sections the script's symbols belong to, and which
    /// symbols lie in text or percpu, is taken from an early layout in which the tables are tiny: it
    /// follows from the order of sections, so the final layout must agree, and [#fill] checks it.
    Sizes settle(Symbols symbols, Placement place, MergedSections merged, OutputSymbols list, Addresses early, Sizes sizes, Patches known, Report report) {
        patches = known != null ? known : Patches.none(symbols);
        if (opt.kernel == null) {
            return sizes;
        }
        names = Candidates.of(symbols, place, merged, list, early);
        nm = withPatches(names.nm());
        listed = nm.keptBy(opt.kernel.kernel().systemMap());
        if (kallsyms == null) {
            return sizes;
        }
        var choice = Kallsyms.Options.of(opt.kernel.config(), opt.kernel.kernel(), machine.elfClass().word);
        long[] addresses = choice.all() && !choice.absolutePercpu() ? null : addresses(early, sizes);
        Kallsyms.Bounds bounds = names.bounds(early);
        boolean[] inText = choice.all() ? null : names.inText(addresses, bounds, nm);
        boolean[] inPercpu = choice.absolutePercpu() ? names.inPercpu(addresses, bounds) : null;
        tables = Kallsyms.names(nm, listed, inText, inPercpu, choice, opt.kernel.kernel(), opt.threads, report);
        int i = 1;
        for (Kallsyms.Label label : orderedLabels()) {
            kallsyms.settleLabel(i++, label.offset());
        }
        return sizes.with(section(symbols, kallsyms), tables.size(), tables.alignment());
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

    /// The address of each symbol of [#nm]; before patches have one, that of the section which they stand behind.
    private long[] addresses(Addresses at, Sizes sizes) {
        long[] all = names.addresses(at);
        int known = all.length;
        all = Arrays.copyOf(all, known + patches.count());
        for (int i = 0; i < patches.count(); i++) {
            boolean stand = sizes.veneers(patches.section(i)) > 0;
            all[known + i] = stand ? patches.address(i, at, sizes) : at.addressOfInput(patches.section(i));
        }
        return all;
    }

    /// Whether names were settled without some of these.
    private boolean lacks(Patches all) {
        return opt.kernel != null && patches.count() < all.count();
    }

    /// Settles the size of `.rela.dyn`: an entry for each word that holds an address which moves.
    /// @param early addresses that tell how many entries `.relr.dyn` takes, but for a few
    /// @param edit  what becomes of the table of contents; null if that stays as it is
    Sizes settleMoves(Symbols symbols, Placement place, Movable moves, Got got, TocEdit edit, Addresses early, Sizes sizes) {
        Relatives.Counts counts = Relatives.count(symbols, place, moves, machine, opt.packDynamic, edit, opt.threads);
        int ofTables = tables == null ? 0 : tables.relocationCount();
        wordCount = counts.words() + got.addressCount(moves) + ofTables + branchWords;
        long spare = machine.countsDiscarded() ? counts.spare() + got.undefinedCount(symbols) : 0;
        if (dynamic != null) {
            inReadOnly = counts.inReadOnly() || weak.inReadOnly();
            spare += weak.count();
            for (ObjectFile o : dynamic.objects()) {
                int id = section(symbols, o);
                sizes = sizes.with(id, dynamic.size(o, weak.names(), symbols.names(), inReadOnly), sizes.alignment(id));
            }
        }
        if (!opt.packDynamic) {
            return sizes.with(section(symbols, words), (wordCount + spare) * Elf.RELA_SIZE, 8);
        }
        packed = new PackedWords(section(symbols, packedTable), counts.packed());
        if (got.table() != null) {
            packed.add(section(symbols, got.table()), got.addressOffsets(moves));
            wordCount -= got.addressCount(moves);
        }
        if (ofTables == 1) { // the base of the others, which are no addresses
            packed.add(section(symbols, kallsyms), new int[] {offset(KallsymsTable.RELATIVE_BASE.label())});
            wordCount--;
        }
        return sizes.with(section(symbols, words), wordCount * Elf.RELA_SIZE, 8).with(section(symbols, packedTable), packed.size(early), 8);
    }

    private int offset(String label) {
        for (Kallsyms.Label l : tables.labels()) {
            if (l.name().equals(label)) {
                return l.offset();
            }
        }
        throw new IllegalStateException(label);
    }

    /// Grows what the settled addresses show to be too small; null if nothing is, and all is settled.
    Sizes grown(Symbols symbols, Placement place, MergedSections merged, OutputSymbols list, Addresses early, Sizes sizes, Veneers settled, Report report) {
        Sizes grown = lacks(settled.patches()) ? settle(symbols, place, merged, list, early, sizes, settled.patches(), report) : null;
        if (settled.table().length > branchWords) {
            int more = settled.table().length - branchWords;
            grown = withBranchWords(symbols, grown == null ? sizes : grown, settled.table().length);
            if (opt.movable) {
                wordCount += more;
                grown = grown.with(section(symbols, words), sizes.size(section(symbols, words)) + (long) more * Elf.RELA_SIZE, 8);
            }
        }
        if (packed != null) {
            long size = packed.size(settled.addresses());
            if (size > sizes.size(packed.section())) {
                grown = (grown == null ? sizes : grown).with(packed.section(), size, 8);
            }
        }
        return grown;
    }

    /// What lists those words as they are relocated.
    /// @param at where all is
    MovingWords movingWords(Symbols symbols, Movable moves, Addresses at) {
        byte[] tail = weak == null ? new byte[0] : weak.entries(at, machine.absoluteType(), DynamicSections.FIRST_NAME);
        return new MovingWords(section(symbols, words), moves, machine.absoluteType(), machine.unalignedType(), machine.relativeType(), opt.applyDynamic, wordCount, tail, packed);
    }

    /// Settles the size of `.BTF`, once the types are made.
    Sizes settleTypes(Symbols symbols, Sizes sizes) {
        return types == null ? sizes : sizes.with(section(symbols, types.object()), types.size(), 1);
    }

    private List<Kallsyms.Label> orderedLabels() {
        var ordered = new ArrayList<Kallsyms.Label>();
        for (int i = 1; i < kallsyms.symbolCount(); i++) {
            for (Kallsyms.Label l : tables.labels()) {
                if (l.name().equals(kallsyms.symbolName(i))) {
                    ordered.add(l);
                }
            }
        }
        return ordered;
    }

    /// How many relocations each made section will bring, by section id.
    Map<Integer, Integer> relocationCounts(Symbols symbols) {
        return tables == null ? Map.of() : Map.of(section(symbols, kallsyms), tables.relocationCount());
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

    /// Makes the contents, now that addresses are known.
    List<Image.Synthetic> fill(Symbols symbols, Placement place, MergedSections merged, OutputSymbols list, Addresses at, Sizes sizes, Report report) {
        var made = new ArrayList<Image.Synthetic>();
        if (buildId != null) {
            made.add(new Image.Synthetic(section(symbols, buildId), note(new byte[opt.buildIdSize()]), new long[0]));
        }
        if (opt.kernel != null && !names.sameLetters(Candidates.of(symbols, place, merged, list, at))) {
            throw new IllegalStateException("a symbol's section changed between the early and the final layout");
        }
        if (tables != null) {
            var filled = tables.fill(addresses(at, sizes), names.bounds(at), report);
            int text = symbols.find("_text");
            var relocations = new long[4 * filled.relocations().length];
            for (int i = 0; i < filled.relocations().length; i++) {
                int offset = filled.relocations()[i];
                relocations[4 * i] = offset;
                relocations[4 * i + 1] = machine.absoluteType();
                relocations[4 * i + 2] = text;
                relocations[4 * i + 3] = (machine.elfClass().is64() ? LE.i64(filled.bytes(), offset) : LE.u32(filled.bytes(), offset)) - at.globalAddress(text, merged);
            }
            made.add(new Image.Synthetic(section(symbols, kallsyms), filled.bytes(), relocations));
        }
        if (saveRestore != null) {
            made.add(new Image.Synthetic(section(symbols, saveRestore.object()), saveRestore.bytes(), new long[0]));
        }
        if (dynamic != null) {
            int contents = section(symbols, dynamic.contents());
            made.add(new Image.Synthetic(contents, DynamicSections.contents(Toc.base(symbols, machine, at, merged)), new long[0]));
            var facts = new DynamicSections.Facts(weak.names(), symbols.names(), inReadOnly, address(place, at, section(symbols, words)), sizes.size(section(symbols, words)),
                    wordCount, o -> address(place, at, section(symbols, o)));
            for (ObjectFile o : dynamic.objects()) {
                made.add(new Image.Synthetic(section(symbols, o), dynamic.bytes(o, facts, place, at), new long[0]));
            }
        }
        if (types != null) {
            made.add(types.fill(symbols, place, at, section(symbols, types.object())));
        }
        return made;
    }

    /// Where a made section is; 0 if the script dropped it.
    private static long address(Placement place, Addresses at, int section) {
        return place.isPlaced(section) ? at.addressOfInput(section) : 0;
    }

    /// Hashes the finished contents into the build-id note.
    void buildId(Image image, Addresses at, Placement place, Symbols symbols) {
        if (buildId == null || !place.isPlaced(section(symbols, buildId))) {
            return;
        }
        int section = section(symbols, buildId);
        byte[] id = switch (opt.buildId) {
            case HEX -> opt.buildIdBytes;
            case UUID -> random();
            default -> java.util.Arrays.copyOf(image.contentHash(), opt.buildIdSize());
        };
        image.edit(place.outputOf(section), at.offset(section), 16 + id.length,
                bytes -> java.lang.foreign.MemorySegment.copy(note(id), 0, bytes, java.lang.foreign.ValueLayout.JAVA_BYTE, 0, 16 + id.length));
    }

    private static byte[] random() {
        var u = java.util.UUID.randomUUID();
        var b = new byte[16];
        LE.put64(b, 0, u.getMostSignificantBits());
        LE.put64(b, 8, u.getLeastSignificantBits());
        return b;
    }

    /// An ELF note (gABI, "Note Section"): name "GNU", type NT_GNU_BUILD_ID.
    private static byte[] note(byte[] id) {
        var out = new ByteArrayOutputStream();
        var head = new byte[12];
        LE.put32(head, 0, 4);
        LE.put32(head, 4, id.length);
        LE.put32(head, 8, Elf.NT_GNU_BUILD_ID);
        out.writeBytes(head);
        out.writeBytes(new byte[] {'G', 'N', 'U', 0});
        out.writeBytes(id);
        return out.toByteArray();
    }

    private static int section(Symbols symbols, ObjectFile file) {
        for (int f = symbols.fileCount() - 1; f >= 0; f--) {
            if (symbols.file(f) == file) {
                return symbols.firstSection(f) + 1;
            }
        }
        throw new IllegalStateException(file.name());
    }
}
