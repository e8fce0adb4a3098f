package klink.image;

import java.util.ArrayList;
import java.util.List;
import klink.elf.Elf;
import klink.input.ObjectFile;
import klink.mem.Endian;
import klink.mem.IntList;
import klink.mem.LE;
import klink.place.OutputSection;
import klink.place.Placement;
import klink.resolve.Symbols;
import klink.symtab.OutputSymbols;

/// The SHT_GROUP sections of a relocatable link (gABI, "Section Groups"): those of the inputs that still have
/// members, with the members' new section numbers and their relocation sections.
final class GroupSections {
    /// One group: its file, its section there, and the output sections that are in it.
    private record Group(int file, int ndx, List<OutputSection> members) {}

    private final Symbols symbols;
    private final List<Group> groups = new ArrayList<>();
    private int firstHeader;

    private GroupSections(Symbols symbols) {
        this.symbols = symbols;
    }

    /// Finds the groups that have members left.
    static GroupSections of(Symbols symbols, Placement place) {
        var all = new GroupSections(symbols);
        for (int f = 0; f < symbols.fileCount(); f++) {
            ObjectFile file = symbols.file(f);
            for (int s = 1; s < file.sectionCount(); s++) {
                if (file.type(s) == Elf.SHT_GROUP) {
                    all.add(place, f, s);
                }
            }
        }
        return all;
    }

    private void add(Placement place, int f, int s) {
        ObjectFile file = symbols.file(f);
        var members = new ArrayList<OutputSection>();
        for (long i = 4; i < file.size(s); i += 4) {
            int member = LE.i32(file.segment(), file.fileOffset(s) + i);
            int out = place.outputOf(symbols.firstSection(f) + member);
            if (out >= 0 && (place.sections().get(out).flags() & Elf.SHF_GROUP) != 0) {
                members.add(place.sections().get(out));
            }
        }
        if (!members.isEmpty()) {
            groups.add(new Group(f, s, members));
        }
    }

    /// Adds a header for each group: before its members, as the gABI wants it.
    void addHeaders(SectionTable headers) {
        firstHeader = headers.count();
        for (Group g : groups) {
            headers.add(new SectionTable.Header(symbols.file(g.file).sectionName(g.ndx), Elf.SHT_GROUP, 0, 0, 0, 0, 0, 0, 4, 4));
        }
    }

    /// The header of a group, by the section id that it has in its file; 0 if it is not one of these.
    int header(int section) {
        for (int i = 0; i < groups.size(); i++) {
            if (symbols.firstSection(groups.get(i).file) + groups.get(i).ndx == section) {
                return firstHeader + i;
            }
        }
        return 0;
    }

    /// Settles the headers' contents. Every other header must be there.
    /// @return the file offset after them
    long settle(SectionTable headers, int[] headerOf, int symtabNdx, OutputSymbols list, Placement place, long offset) {
        for (int i = 0; i < groups.size(); i++) {
            Group g = groups.get(i);
            SectionTable.Header h = headers.get(firstHeader + i);
            int size = 4 + 4 * members(g, headers, headerOf).length;
            headers.set(firstHeader + i, new SectionTable.Header(h.name(), h.type(), 0, 0, offset, size, symtabNdx, signature(g, list, place), 4, 4));
            offset += size;
        }
        return offset;
    }

    void write(OutputFile out, SectionTable headers, int[] headerOf, Endian endian) {
        for (int i = 0; i < groups.size(); i++) {
            Group g = groups.get(i);
            int[] members = members(g, headers, headerOf);
            var bytes = new byte[4 + 4 * members.length];
            endian.put32(bytes, 0, LE.i32(symbols.file(g.file).segment(), symbols.file(g.file).fileOffset(g.ndx)));
            for (int m = 0; m < members.length; m++) {
                endian.put32(bytes, 4 + 4 * m, members[m]);
            }
            out.write(java.lang.foreign.MemorySegment.ofArray(bytes), headers.get(firstHeader + i).offset());
        }
    }

    private static int[] members(Group g, SectionTable headers, int[] headerOf) {
        var list = new IntList();
        for (OutputSection m : g.members) {
            int h = headerOf[m.id()];
            list.add(h);
            if (h + 1 < headers.count() && (headers.get(h + 1).type() == Elf.SHT_RELA || headers.get(h + 1).type() == Elf.SHT_REL) && headers.get(h + 1).info() == h) {
                list.add(h + 1);
            }
        }
        return list.toArray();
    }

    private int signature(Group g, OutputSymbols list, Placement place) {
        ObjectFile file = symbols.file(g.file);
        int sym = file.info(g.ndx);
        int index = list.indexOf(g.file, sym);
        if (index != 0 || file.symbolSection(sym) <= 0) {
            return index;
        }
        int out = place.outputOf(symbols.firstSection(g.file) + file.symbolSection(sym));
        return out < 0 ? 0 : list.indexOfSection(out);
    }
}
