package klink.image;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import klink.arch.Machine;
import klink.elf.Arm;
import klink.elf.Elf;
import klink.elf.ElfClass;
import klink.input.ObjectFile;
import klink.input.RelocationTable;
import klink.input.SectionBytes;
import klink.layout.Addresses;
import klink.layout.Toc;
import klink.layout.TocEdit;
import klink.layout.UnwindIndex;
import klink.mem.LE;
import klink.mem.LongList;
import klink.merge.MergedSections;
import klink.par.Par;
import klink.place.OutputSection;
import klink.place.Placement;
import klink.report.Report;
import klink.resolve.Symbols;
import klink.symtab.OutputSymbols;
import klink.veneer.Veneers;

/// Writes the image: plans where everything that has no address goes in the file, then copies and
/// relocates in parallel, a range of the output at a time, each range written once while it is still in
/// the cache.
///
/// A range is built in a buffer of the thread and written with one call. That beats a shared mapping
/// of the output: no page faults, no memory held for what is written.
public final class Image implements AutoCloseable {
    /// @param name        the image, for messages
    /// @param machine     its processor
    /// @param type        e_type
    /// @param entry       e_entry
    /// @param emitRelocs  keep relocations (`--emit-relocs`), also of debug sections if `debugRelocs`
    /// @param fixable     a position independent executable, which is ET_EXEC to GNU ld where its first segment is not at address 0
    public record Options(String name, Machine machine, int type, boolean fixable, long entry, boolean emitRelocs, boolean debugRelocs, int threads) {}

    /// The contents of a section that klink made itself: exactly as many bytes as it promised.
    /// @param section     its section id
    /// @param relocations what `--emit-relocs` is to keep for it: section offset, relocation type, global
    ///                    id and addend of each, four longs; the bytes have it applied
    public record Synthetic(int section, byte[] bytes, long[] relocations) {}

    private static final long RANGE = 512 << 10;

    private final Symbols symbols;
    private final Placement place;
    private final MergedSections merged;
    private final Addresses at;
    private final OutputSymbols list;
    private final Options options;
    private final Machine machine;
    private final ElfClass elfClass;
    private final Report report;
    private final OutputFile file;
    private final Map<Integer, Integer> promised;
    private final Map<Integer, Synthetic> synthetic = new HashMap<>();
    private final SectionTable headers = new SectionTable();
    private final int[] headerOf;
    private final long[] offsetOf;
    private final InputRelocations relocations;
    private final CodeOrder code;
    private final List<Range> ranges = new ArrayList<>();
    private final Digest digest = new Digest();
    private GroupSections groups;
    private Symtab symtab;
    private klink.got.Got.At got;
    private MovingWords moving;
    private UnwindIndex unwind;
    private final TocEdit edit;
    private int replacedSection = -1;
    private byte[] replacement;
    private final Veneers veneers;
    private final Map<Integer, int[]> movingInMade = new HashMap<>();
    /// Those of them that are the global offset table.
    private final BitSet slots = new BitSet();
    private long sectionTableOffset;
    private int shstrndx;
    private int symtabNdx;
    private byte[] movingEntries = {};
    private byte[] packedEntries = {};

    /// Part of the work: inputs `[from, to)` of an output section, which cover `[begin, end)` of it.
    private record Range(int out, int[] inputs, int from, int to, long begin, long end, long relaOffset) {}

    private Image(Symbols symbols, Placement place, MergedSections merged, Veneers veneers, OutputSymbols list, Map<Integer, Integer> promised,
            TocEdit edit, Options options, OutputFile file, Report report) {
        this.edit = edit;
        this.symbols = symbols;
        this.place = place;
        this.merged = merged;
        this.veneers = veneers;
        at = veneers.addresses();
        this.list = list;
        this.promised = promised;
        this.options = options;
        machine = options.machine();
        elfClass = machine.elfClass();
        this.file = file;
        this.report = report;
        headerOf = new int[place.sections().size()];
        offsetOf = new long[headerOf.length];
        relocations = InputRelocations.of(symbols, options.threads());
        code = CodeOrder.of(symbols, machine, options.threads());
    }

    /// Starts an image beside `output` and plans its file.
    /// @param promised by section id: how many relocations a section that klink makes itself will bring
    /// @param edit     what becomes of the table of contents; null if nothing does
    public static Image create(Path output, Symbols symbols, Placement place, MergedSections merged, Veneers veneers, OutputSymbols list,
            Map<Integer, Integer> promised, TocEdit edit, Options options, Report report) throws IOException {
        var image = new Image(symbols, place, merged, veneers, list.plus(veneers.labels().count()), promised, edit, options, OutputFile.create(output, options.type() != Elf.ET_REL), report);
        image.plan();
        return image;
    }


    /// Takes the contents of the sections that klink makes itself; before [#copyAndRelocate].
    public void fill(List<Synthetic> made) {
        for (Synthetic s : made) {
            if (s.relocations().length / 4 != promised.getOrDefault(s.section(), 0)) {
                throw new IllegalStateException("section " + s.section() + " has another number of relocations than it promised");
            }
            synthetic.put(s.section(), s);
        }
    }

    /// Takes the global offset table, if the link has one; before [#copyAndRelocate].
    public void use(klink.got.Got.At table) {
        got = table;
        for (var c : table.contents()) {
            synthetic.put(c.section(), new Synthetic(c.section(), c.bytes(), new long[0]));
            movingInMade.put(c.section(), c.addresses());
            slots.set(c.section()); // GNU ld has the addresses here in any case
        }
    }

    /// Takes the contents of one more section that klink makes, whose words at `moving` hold addresses; before [#copyAndRelocate].
    public void fill(int section, byte[] bytes, int[] moving) {
        synthetic.put(section, new Synthetic(section, bytes, new long[0]));
        movingInMade.put(section, moving);
    }

    /// Gives an input section other contents, of the size that the layout has for it; before [#copyAndRelocate].
    public void replace(int section, byte[] bytes) {
        replacedSection = section;
        replacement = bytes;
    }

    /// Takes what becomes of the unwind index, if there is one; before [#copyAndRelocate].
    public void use(UnwindIndex index) {
        unwind = index;
    }

    /// Takes the table of words that move with the image, if it does; before [#copyAndRelocate].
    public void use(MovingWords words) {
        moving = words;
        for (Synthetic s : synthetic.values()) {
            var offsets = new int[s.relocations().length / 4];
            for (int i = 0; i < offsets.length; i++) {
                offsets[i] = (int) s.relocations()[4 * i];
            }
            movingInMade.putIfAbsent(s.section(), offsets);
        }
    }

    private void plan() {
        long offset = at.endOfAlloc();
        if (options.type() == Elf.ET_REL) {
            groups = GroupSections.of(symbols, place);
            groups.addHeaders(headers);
        }
        for (OutputSection s : place.sections()) {
            int id = s.id();
            if (!at.isKept(id)) {
                continue;
            }
            if ((at.flags(id) & Elf.SHF_ALLOC) != 0) {
                offsetOf[id] = at.fileOffset(id);
            } else {
                offset = offset + at.alignment(id) - 1 & -at.alignment(id);
                offsetOf[id] = offset;
                offset += at.type(id) == Elf.SHT_NOBITS ? 0 : at.size(id);
            }
            boolean table = options.type() == Elf.ET_DYN && s.name().equals(".rela.dyn");
            headerOf[id] = headers.add(new SectionTable.Header(s.name(), table ? Elf.SHT_RELA : at.type(id), at.flags(id), at.address(id), offsetOf[id],
                    at.size(id), 0, 0, at.alignment(id), table ? Elf.RELA_SIZE : at.type(id) == Elf.SHT_RELR || at.type(id) == Elf.SHT_ANDROID_RELR ? 8 : s.entsize()));
            if (options.emitRelocs()) {
                long count = relocationCount(s);
                if (count > 0 && (options.debugRelocs() || s.isAlloc())) {
                    headers.add(new SectionTable.Header(elfClass.relocationPrefix() + s.name(), elfClass.relocations(), Elf.SHF_INFO_LINK | s.flags() & Elf.SHF_GROUP, 0, 0,
                            count * elfClass.relocation(), 0, headerOf[id], elfClass.word, elfClass.relocation()));
                }
            }
        }
        planTables(offset);
    }

    private void planTables(long offset) {
        boolean wide = headers.count() + 4 >= Elf.SHN_LORESERVE;
        symtab = new Symtab(list, symbols, place, merged, at, headerOf, groups, veneers.labels(), wide, machine, options.threads());
        if (list.count() > 1 || options.emitRelocs() || options.type() == Elf.ET_REL) {
            offset = planSymbols(offset, wide);
        }
        int relaNdx = 0;
        for (int i = 1; i < headers.count(); i++) {
            SectionTable.Header h = headers.get(i);
            if (h.type() == elfClass.relocations() && h.info() == i - 1) {
                headers.set(i, new SectionTable.Header(h.name(), h.type(), h.flags(), 0, offset, h.size(), symtabNdx, h.info(), elfClass.word, elfClass.relocation()));
                offset += h.size();
                relaNdx = i;
            }
        }
        assert relaNdx >= 0;
        if (groups != null) {
            offset = groups.settle(headers, headerOf, symtabNdx, list, place, offset);
            settleLinks();
        }
        if (machine.number() == Elf.EM_ARM) {
            linkIndex();
        }
        if (options.type() == Elf.ET_DYN) {
            DynamicLinks.set(headers);
        }
        shstrndx = headers.add(new SectionTable.Header(".shstrtab", Elf.SHT_STRTAB, 0, 0, offset, 0, 0, 0, 1, 0));
        int size = headers.names().length;
        headers.set(shstrndx, new SectionTable.Header(".shstrtab", Elf.SHT_STRTAB, 0, 0, offset, size, 0, 0, 1, 0));
        sectionTableOffset = offset + size + elfClass.word - 1 & -elfClass.word;
        for (OutputSection s : place.sections()) {
            if (at.isKept(s.id())) {
                planRanges(s);
            }
        }
    }

    /// sh_link of the SHF_LINK_ORDER sections that stay on their own: the section that they follow.
    private void settleLinks() {
        for (OutputSection s : place.sections()) {
            if (!at.isKept(s.id()) || (s.flags() & Elf.SHF_LINK_ORDER) == 0) {
                continue;
            }
            int section = place.inputsOf(s)[0];
            int f = symbols.fileOfSection(section);
            int followed = symbols.file(f).link(section - symbols.firstSection(f));
            int out = followed == 0 ? -1 : place.outputOf(symbols.firstSection(f) + followed);
            SectionTable.Header h = headers.get(headerOf[s.id()]);
            headers.set(headerOf[s.id()], new SectionTable.Header(h.name(), h.type(), h.flags(), 0, h.offset(), h.size(), out < 0 ? 0 : headerOf[out],
                    h.info(), h.align(), h.entsize()));
        }
    }

    /// Arm's unwind index names the section of code that it is about: GNU ld, of several, that of its first entry.
    private void linkIndex() {
        for (OutputSection s : place.sections()) {
            int[] inputs = at.isKept(s.id()) && at.type(s.id()) == Arm.SHT_ARM_EXIDX ? place.inputsOf(s) : new int[0];
            if (inputs.length > 0) {
                int f = symbols.fileOfSection(inputs[0]);
                int out = place.outputOf(symbols.firstSection(f) + symbols.file(f).link(inputs[0] - symbols.firstSection(f)));
                SectionTable.Header h = headers.get(headerOf[s.id()]);
                headers.set(headerOf[s.id()], new SectionTable.Header(h.name(), h.type(), h.flags() | Elf.SHF_LINK_ORDER, h.address(), h.offset(), h.size(),
                        out < 0 ? 0 : headerOf[out], h.info(), h.align(), h.entsize()));
            }
        }
    }

    private long planSymbols(long offset, boolean wide) {
        symtabNdx = headers.count();
        offset = offset + elfClass.word - 1 & -elfClass.word;
        headers.add(new SectionTable.Header(".symtab", Elf.SHT_SYMTAB, 0, 0, offset, symtab.size(), symtabNdx + 1, list.firstGlobal(), elfClass.word, elfClass.sym));
        offset += symtab.size();
        headers.add(new SectionTable.Header(".strtab", Elf.SHT_STRTAB, 0, 0, offset, symtab.namesSize(), 0, 0, 1, 0));
        offset += symtab.namesSize();
        if (wide) {
            offset = offset + 3 & -4L;
            headers.add(new SectionTable.Header(".symtab_shndx", Elf.SHT_SYMTAB_SHNDX, 0, 0, offset, symtab.wideSize(), symtabNdx, 0, 4, 4));
            offset += symtab.wideSize();
        }
        return offset + elfClass.word - 1 & -elfClass.word;
    }

    private long relocationCount(OutputSection s) {
        long n = 0;
        for (OutputSection.Item item : s.items()) {
            if (item instanceof OutputSection.Inputs in) {
                for (int id : in.sections()) {
                    n += relocationCount(id);
                }
            }
        }
        return n;
    }

    private long relocationCount(int section) {
        int rel = relocations.of(section);
        int made = promised.isEmpty() ? 0 : promised.getOrDefault(section, 0);
        if (rel == 0) {
            return made;
        }
        int f = symbols.fileOfSection(section);
        return made + RelocationTable.count(symbols.file(f), rel) - (edit != null && edit.edits(f, section - symbols.firstSection(f)) ? edit.gone(f) : 0);
    }

    private void planRanges(OutputSection s) {
        int id = s.id();
        boolean contents = at.type(id) != Elf.SHT_NOBITS;
        int h = headerOf[id] + 1;
        long rela = options.emitRelocs() && h < headers.count() && headers.get(h).type() == elfClass.relocations() && headers.get(h).info() == headerOf[id]
                ? headers.get(h).offset() : -1;
        if (!contents && rela < 0) {
            return;
        }
        int[] all = place.inputsOf(s);
        int n = 0;
        for (int section : all) {
            if (at.offset(section) >= 0) {
                all[n++] = section;
            }
        }
        int[] inputs = Arrays.copyOf(all, n);
        int from = 0;
        long begin = 0;
        while (begin < at.size(id) || from == 0 && begin == 0) {
            int to = from;
            long bytes = 0;
            long end = begin;
            long count = 0;
            while (to < n && bytes < RANGE) {
                long c = rela >= 0 ? relocationCount(inputs[to]) : 0;
                count += c;
                to++;
                end = to < n ? at.lead(inputs[to]) - at.address(id) : at.size(id);
                bytes = end - begin + (c == 0 ? 0 : count * elfClass.relocation());
            }
            if (to >= n) {
                end = at.size(id);
            }
            ranges.add(new Range(id, inputs, from, to, begin, end, rela));
            if (rela >= 0) {
                rela += count * elfClass.relocation();
            }
            from = to;
            begin = end;
            if (from >= n && begin >= at.size(id)) {
                break;
            }
        }
    }

    /// Copies every input section into place and applies its relocations.
    public void copyAndRelocate() {
        SymbolValues values = SymbolValues.of(symbols, place, merged, at, machine, edit, moving == null && !options.emitRelocs(), options.threads());
        var undefined = new Undefined(symbols);
        if (got != null) {
            got.redirect(values.values());
        }
        var tables = new TableRelocator(machine, symbols, got, klink.got.ThreadStorage.of(at), Toc.base(symbols, machine, at, merged), edit, moving == null, !options.emitRelocs());
        var workers = new Worker[options.threads()];
        for (int i = 0; i < workers.length; i++) {
            workers[i] = new Worker(new Relocator(machine, symbols, merged, at, values, undefined, tables, moving, veneers, edit, report));
        }
        int n = ranges.size();
        int ofSymbols = symtabNdx == 0 ? 0 : symtab.ranges();
        long[] tablesAt = {offset(symtabNdx), offset(symtabNdx + 1), offset(symtabNdx + 2)};
        digest.parts(n + 2 * ofSymbols);
        if (moving != null) {
            moving.ranges(n);
        }
        Par.loop(n + ofSymbols, options.threads(), (i, w) -> {
            if (i < n) {
                workers[w].range(i, ranges.get(i));
            } else {
                symtab.write(i - n, workers[w].part, file, tablesAt, digest, n + 2 * (i - n));
            }
        });
        undefined.report(report);
        if (moving != null) {
            movingEntries = moving.entries();
            writeMoving(moving.section(), ".rela.dyn", movingEntries);
            int packed = moving.packedSection();
            if (packed >= 0) {
                packedEntries = moving.packedEntries(veneers.sizes().size(packed));
                writeMoving(packed, ".relr.dyn", packedEntries);
            }
        }
        writeTables();
    }

    /// File offset of a section by its header's index; 0 if there is none.
    private long offset(int header) {
        return header < headers.count() ? headers.get(header).offset() : 0;
    }

    private void writeMoving(int section, String name, byte[] entries) {
        if (place.isPlaced(section)) {
            file.write(MemorySegment.ofArray(entries), offsetOf[place.outputOf(section)] + at.offset(section));
        } else if (entries.length > 0) {
            report.error("the script discards " + name + ", which tells of words that move with the image");
        }
    }

    /// A thread's buffers.
    private final class Worker {
        private final Relocator relocator;
        private final RelocationCopy copy;
        private final Symtab.Part part = new Symtab.Part();
        private byte[] buffer = new byte[(int) (2 * RANGE)];
        private LongList words;
        private LongList packed;

        Worker(Relocator relocator) {
            this.relocator = relocator;
            copy = new RelocationCopy(symbols, place, merged, at, list, machine, edit, report);
        }

        void range(int number, Range r) {
            boolean contents = at.type(r.out) != Elf.SHT_NOBITS;
            long length = r.end - r.begin;
            if (contents) {
                room(length);
                words = moving == null || (at.flags(r.out) & Elf.SHF_ALLOC) == 0 ? null : moving.of(number);
                packed = words == null ? null : moving.packedOf(number);
                relocator.list(words, packed);
                copyContents(r);
                digest.add(number, buffer, (int) length);
                file.write(MemorySegment.ofArray(buffer).asSlice(0, length), offsetOf[r.out] + r.begin);
            }
            if (r.relaOffset >= 0) {
                long bytes = 0;
                for (int i = r.from; i < r.to; i++) {
                    bytes += relocationCount(r.inputs[i]) * elfClass.relocation();
                }
                room(bytes);
                int used = 0;
                for (int i = r.from; i < r.to; i++) {
                    int section = r.inputs[i];
                    if (relocations.of(section) != 0) {
                        int f = symbols.fileOfSection(section);
                        used = copy.append(buffer, used, f, relocations.of(section), section);
                    }
                    if (unwind != null && unwind.endOf(section) != 0 && promised.containsKey(section)) {
                        used = copy.appendEnd(buffer, used, section, place.outputOf(unwind.endOf(section)));
                    } else if (relocations.of(section) == 0 && relocationCount(section) > 0) {
                        used = copy.append(buffer, used, synthetic.get(section));
                    }
                }
                file.write(MemorySegment.ofArray(buffer).asSlice(0, used), r.relaOffset);
            }
        }

        private void room(long bytes) {
            if (buffer.length < bytes) {
                if (bytes > Integer.MAX_VALUE - 64) {
                    throw new klink.report.BadInput(options.name(), 0, "a part of " + bytes + " bytes is too large to write at once");
                }
                buffer = new byte[(int) Math.min(Integer.MAX_VALUE - 16, bytes + bytes / 4)];
            }
        }

        private void copyContents(Range r) {
            var gaps = new Gaps(at, place.sections().get(r.out), machine);
            long end = r.begin;
            for (int i = r.from; i < r.to; i++) {
                int section = r.inputs[i];
                long offset = at.offset(section);
                if (veneers.sizes().ahead(section) > 0) {
                    long lead = at.lead(section) - at.address(r.out);
                    gaps.fill(buffer, r.begin, end, lead);
                    veneers.writeAhead(section, buffer, (int) (lead - r.begin));
                    end = lead + veneers.sizes().ahead(section);
                }
                gaps.fill(buffer, r.begin, end, offset);
                end = offset + copyInput(r, section, offset);
            }
            gaps.fill(buffer, r.begin, end, r.end);
            gaps.data(buffer, r.begin, r.end);
        }

        /// Lists the words of a section that klink made which hold addresses.
        private void listMade(int section, long address, int to) {
            for (int offset : movingInMade.getOrDefault(section, new int[0])) {
                if (packed != null && moving.packsMade(section)) {
                    packed.add(address + offset);
                    continue;
                }
                words.add(address + offset);
                words.add(LE.i64(buffer, to + offset));
                if (!moving.applied && !slots.get(section)) {
                    LE.put64(buffer, to + offset, 0);
                }
            }
        }

        /// A section, relocated, that something else will look at before it is written.
        private byte[] relocated(int section, int f, int ndx, int size, long address) {
            var bytes = new byte[size + 8]; // room for what relocations look at
            LE.bytes(symbols.file(f).segment(), symbols.file(f).fileOffset(ndx), bytes, 0, size);
            if (relocations.of(section) != 0) {
                relocate(bytes, 0, section, f, ndx, size, address);
            }
            return bytes;
        }

        /// Applies the relocations of a section; in a relocatable link, changes the addends that stand in it.
        private void relocate(byte[] bytes, int to, int section, int f, int ndx, long size, long address) {
            if (groups == null) {
                relocator.apply(bytes, to, size, f, relocations.of(section), ndx, address);
            } else if (!elfClass.is64()) {
                copy.addends(bytes, to, size, f, relocations.of(section), ndx);
            }
        }

        /// Finishes code that has its relocations.
        private void turn(int f, int ndx, byte[] bytes, int to, long size) {
            if (code != null) {
                code.turn(f, ndx, bytes, to, size);
            }
        }

        private long copyInput(Range r, int section, long offset) {
            int to = (int) (offset - r.begin);
            int f = symbols.fileOfSection(section);
            ObjectFile input = symbols.file(f);
            int ndx = section - symbols.firstSection(f);
            if (merged.isMerged(section)) {
                long size = merged.size(section);
                Arrays.fill(buffer, to, (int) (to + size), (byte) 0);
                merged.write(section, 0, size, buffer, to);
                return size;
            }
            if (input.isSynthetic()) {
                byte[] bytes = synthetic.containsKey(section) ? synthetic.get(section).bytes : new byte[0];
                System.arraycopy(bytes, 0, buffer, to, bytes.length);
                if (words != null) {
                    listMade(section, at.address(r.out) + offset, to);
                }
                return bytes.length;
            }
            long size = SectionBytes.size(input, ndx);
            if (input.type(ndx) == Elf.SHT_NOBITS) {
                Arrays.fill(buffer, to, (int) (to + size), (byte) 0);
                return size;
            }
            if (section == replacedSection) {
                System.arraycopy(replacement, 0, buffer, to, replacement.length);
                return replacement.length;
            }
            if (unwind != null && unwind.edits(section)) {
                byte[] index = relocated(section, f, ndx, (int) size, at.address(r.out) + offset);
                return unwind.write(section, index, (int) size, at, veneers.sizes(), buffer, to);
            }
            if (edit != null && edit.edits(f, ndx)) {
                return edit.write(f, relocated(section, f, ndx, (int) size, at.address(r.out) + offset), buffer, to);
            }
            if (SectionBytes.isCompressed(input, ndx)) {
                LE.bytes(SectionBytes.of(input, ndx), 0, buffer, to, (int) size);
            } else {
                LE.bytes(input.segment(), input.fileOffset(ndx), buffer, to, (int) size);
            }
            if (relocations.of(section) != 0) {
                relocate(buffer, to, section, f, ndx, size, at.address(r.out) + offset);
            }
            turn(f, ndx, buffer, to, size);
            if (veneers != null && veneers.changeCode()) {
                return veneers.write(section, buffer, to);
            }
            return size;
        }
    }

    private void writeTables() {
        if (groups != null) {
            groups.write(file, headers, headerOf, machine.endian());
        }
        file.write(MemorySegment.ofArray(headers.names()), headers.get(shstrndx).offset());
        var table = MemorySegment.ofArray(new byte[headers.count() * elfClass.shdr]);
        headers.write(table, shstrndx, elfClass);
        machine.endian().words(table, 0, table.byteSize());
        file.write(table, sectionTableOffset);
        int type = options.fixable() && firstAddress() != 0 ? Elf.ET_EXEC : options.type();
        int flags = machine.hasContents() ? inputFlags() : 0;
        var head = new FileHead(elfClass, machine.endian(), machine.number(), type, needsGnu(), options.entry(), groups != null ? machine.objectFlags(flags) : machine.flags(flags),
                sectionTableOffset, headers.count(), shstrndx, at.segments());
        file.write(head.bytes(), 0);
    }

    /// Whether EI_OSABI must say GNU for the extensions used to count: without it SHF_GNU_RETAIN is nobody's.
    private boolean needsGnu() {
        boolean retains = false;
        for (int i = 1; i < headers.count(); i++) {
            retains |= (headers.get(i).flags() & Elf.SHF_GNU_RETAIN) != 0;
        }
        return retains || symtab.usesGnu();
    }

    private int inputFlags() {
        int all = 0;
        for (int f = 0; f < symbols.fileCount(); f++) {
            ObjectFile input = symbols.file(f);
            all |= input.isSynthetic() ? 0 : LE.i32(input.segment(), 48);
        }
        return all;
    }

    private long firstAddress() {
        long first = -1;
        for (Addresses.Segment s : at.segments()) {
            first = s.type() == Elf.PT_LOAD && Long.compareUnsigned(s.vaddr(), first) < 0 ? s.vaddr() : first;
        }
        return first;
    }

    /// Reads back `length` bytes at `offset` of an output section, lets `change` edit them, and writes
    /// them again: for tables that are sorted once they are complete.
    public void edit(int out, long offset, long length, java.util.function.Consumer<MemorySegment> change) {
        MemorySegment bytes = Arena.ofAuto().allocate(Math.max(1, length), 8).asSlice(0, length);
        file.read(bytes, offsetOf[out] + offset);
        change.accept(bytes);
        file.write(bytes, offsetOf[out] + offset);
    }

    /// Zeroes the relocations kept for an output section whose entries have moved: scripts/sorttable
    /// does so for the exception table, whose relocations nobody could apply again.
    public void clearKeptRelocations(int out) {
        int h = headerOf[out] + 1;
        if (options.emitRelocs() && h < headers.count() && headers.get(h).type() == elfClass.relocations() && headers.get(h).info() == headerOf[out]) {
            file.write(MemorySegment.ofArray(new byte[Math.toIntExact(headers.get(h).size())]), headers.get(h).offset());
        }
    }

    /// A hash of all contents, for the build id: 20 bytes.
    public byte[] contentHash() {
        return digest.finish(movingEntries, packedEntries);
    }

    /// The file while it is not committed.
    public Path temporary() {
        return file.temporary();
    }

    /// Gives the image its name.
    public void commit() throws IOException {
        file.commit();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
