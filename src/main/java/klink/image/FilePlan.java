package klink.image;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import klink.arch.Machine;
import klink.elf.Arm;
import klink.elf.Elf;
import klink.elf.ElfClass;
import klink.input.RelocationTable;
import klink.layout.Addresses;
import klink.layout.TocEdit;
import klink.merge.MergedSections;
import klink.place.OutputSection;
import klink.place.Placement;
import klink.resolve.Symbols;
import klink.symtab.OutputSymbols;
import klink.veneer.Veneers;

/// Where everything goes in the image's file: its section headers, offsets of what has no address, and the ranges that the work of
/// writing it is cut into. Settled once made.
final class FilePlan {
    /// Bytes of a range, about.
    static final long RANGE = 512 << 10;

    final Symbols symbols;
    final Placement place;
    final MergedSections merged;
    final Veneers veneers;
    final Addresses at;
    final OutputSymbols list;
    final Image.Options options;
    final Machine machine;
    final ElfClass elfClass;
    /// By section id: how many relocations a section that klink makes itself brings.
    final Map<Integer, Integer> promised;
    /// What becomes of the table of contents; null if nothing does.
    final TocEdit edit;
    final InputRelocations relocations;
    final SectionTable headers = new SectionTable();
    /// By output section: the index of its header.
    final int[] headerOf;
    /// By output section: its offset in the file.
    final long[] offsetOf;
    final List<Range> ranges = new ArrayList<>();
    /// Those of a relocatable link; null in an image.
    GroupSections groups;
    Symtab symtab;
    long sectionTableOffset;
    int shstrndx;
    int symtabNdx;

    /// Part of the work: inputs `[from, to)` of an output section, which cover `[begin, end)` of it.
    /// @param relaOffset where the relocations that are kept of it go; -1: none are
    record Range(int out, int[] inputs, int from, int to, long begin, long end, long relaOffset) {}

    FilePlan(Symbols symbols, Placement place, MergedSections merged, Veneers veneers, OutputSymbols list, Map<Integer, Integer> promised, TocEdit edit, Image.Options options) {
        this.symbols = symbols;
        this.place = place;
        this.merged = merged;
        this.veneers = veneers;
        this.list = list;
        this.promised = promised;
        this.edit = edit;
        this.options = options;
        at = veneers.addresses();
        machine = options.machine();
        elfClass = machine.elfClass();
        headerOf = new int[place.sections().size()];
        offsetOf = new long[headerOf.length];
        relocations = InputRelocations.of(symbols, options.threads());
        plan();
    }

    /// File offset of a section by its header's index; 0 if there is none.
    long offset(int header) {
        return header < headers.count() ? headers.get(header).offset() : 0;
    }

    /// The header of the relocations that are kept for an output section; null if none are.
    SectionTable.Header keptRelocations(int out) {
        int h = headerOf[out] + 1;
        return options.emitRelocs() && h < headers.count() && headers.get(h).type() == elfClass.relocations() && headers.get(h).info() == headerOf[out] ? headers.get(h) : null;
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
        for (int i = 1; i < headers.count(); i++) {
            SectionTable.Header h = headers.get(i);
            if (h.type() == elfClass.relocations() && h.info() == i - 1) {
                headers.set(i, new SectionTable.Header(h.name(), h.type(), h.flags(), 0, offset, h.size(), symtabNdx, h.info(), elfClass.word, elfClass.relocation()));
                offset += h.size();
            }
        }
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

    /// How many relocations of an input section are kept, if any are.
    long relocationCount(int section) {
        int rel = relocations.of(section);
        if (rel == 0) {
            return promised.isEmpty() ? 0 : promised.getOrDefault(section, 0);
        }
        int added = groups == null || promised.isEmpty() ? 0 : promised.getOrDefault(section, 0); // to the unwind index of a relocatable link
        int f = symbols.fileOfSection(section);
        return added + RelocationTable.count(symbols.file(f), rel) - (edit != null && edit.edits(f, section - symbols.firstSection(f)) ? edit.gone(f) : 0);
    }

    private void planRanges(OutputSection s) {
        int id = s.id();
        boolean contents = at.type(id) != Elf.SHT_NOBITS;
        SectionTable.Header kept = keptRelocations(id);
        long rela = kept == null ? -1 : kept.offset();
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
}
