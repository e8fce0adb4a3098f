package klink.dwarf;

import static klink.dwarf.Dwarf.*;

import java.lang.foreign.MemorySegment;
import klink.elf.Elf;
import klink.input.ObjectFile;
import klink.input.SectionBytes;
import klink.mem.IntList;
import klink.mem.LE;
import klink.report.BadInput;

/// Where the units of a file are, found once for all threads that read it.
///
/// The `.debug_info` of a finished image can be larger than everything else in memory (180 MB of a defconfig kernel), so it stays in
/// the file: each unit is copied when it is read, and its pages are given back. That needs units that do not refer to each
/// other. An object's `.debug_info` is small and has relocations, and is held as a whole.
public final class UnitList {
    final ObjectFile file;
    final DebugSections sections;
    /// Null if there is no debug information, or if units are copied one by one.
    final DebugSection whole;
    /// The section whose units are copied one by one, and its bytes in the file.
    final int section;
    private final MemorySegment contents;
    private final int[] starts;
    private final int[] ends;
    /// Whether units refer to each other, and so must be read together.
    final boolean crosses;

    private UnitList(ObjectFile file) {
        this.file = file;
        sections = new DebugSections(file);
        int ndx = DebugSections.find(file, ".debug_info");
        var from = new IntList();
        var to = new IntList();
        boolean apart = ndx != 0 && !file.isRelocatable() && !file.endian().isBig() && !SectionBytes.isCompressed(file, ndx) && file.type(ndx) != Elf.SHT_NOBITS && file.size(ndx) <= Integer.MAX_VALUE - 16
                && DebugSections.find(file, ".debug_types") == 0 && sections.section(".debug_abbrev") != null && separate(SectionBytes.of(file, ndx), sections.section(".debug_abbrev").bytes(), from, to);
        section = apart ? ndx : 0;
        contents = apart ? SectionBytes.of(file, ndx) : null;
        whole = apart || ndx == 0 || sections.section(".debug_abbrev") == null ? null : sections.units();
        boolean crossing = false;
        if (whole != null) {
            from.clear();
            to.clear();
            var c = new Cursor(whole, 0);
            while (!c.atEnd()) {
                from.add(c.at());
                var u = new Unit(sections, c, whole.isOfTypes(c.at()));
                crossing |= crosses(sections.section(".debug_abbrev").bytes(), u.abbreviations);
                to.add(u.end);
                c.leaveUnit(u.end);
            }
        }
        crosses = crossing;
        starts = from.toArray();
        ends = to.toArray();
        release();
    }

    /// @throws BadInput for units that cannot be told apart
    public static UnitList of(ObjectFile file) {
        return new UnitList(file);
    }

    /// How many units there are that can be read apart from each other; 0 without debug information.
    public int count() {
        return crosses ? 1 : starts.length;
    }

    int all() {
        return starts.length;
    }

    int start(int unit) {
        return starts[unit];
    }

    /// A unit's bytes alone, if they are read alone: what is at an offset is then counted from the unit's start.
    DebugSection copy(int unit) {
        int length = ends[unit] - starts[unit];
        var bytes = new byte[length];
        LE.bytes(contents, starts[unit], bytes, 0, length);
        release(contents.asSlice(starts[unit], length));
        return DebugSection.part(file, section, bytes, starts[unit]);
    }

    /// Gives back the pages of the file that have been read: they are copied, and would count as ours.
    private void release() {
        if (section != 0) {
            release(file.segment());
        }
    }

    private static void release(MemorySegment pages) {
        if (pages.isMapped()) {
            pages.unload();
        }
    }

    /// Lists units by their headers alone.
    ///
    /// @return false if one refers to another, or is none: the way that reads them whole says what is wrong
    private static boolean separate(MemorySegment info, byte[] abbreviations, IntList from, IntList to) {
        long size = info.byteSize();
        int known = -1;
        for (long at = 0; at < size; ) {
            if (size - at < 24) {
                return false;
            }
            boolean wide = LE.u32(info, at) == 0xffff_ffffL;
            long length = wide ? LE.i64(info, at + 4) : LE.u32(info, at);
            long header = at + (wide ? 12 : 4);
            if (length < 8 || length > size - header || length >= 0xffff_fff0L) {
                return false;
            }
            int version = LE.u16(info, header);
            long table = header + (version >= 5 ? 4 : 2);
            long abbreviation = wide ? LE.i64(info, table) : LE.u32(info, table);
            int type = version >= 5 ? LE.u8(info, header + 2) : DW_UT_compile;
            if (type != DW_UT_compile || abbreviation < 0 || abbreviation >= abbreviations.length || abbreviation != known && crosses(abbreviations, (int) abbreviation)) {
                return false;
            }
            known = (int) abbreviation;
            from.add((int) at);
            at = header + length;
            to.add((int) at);
        }
        return true;
    }

    /// Whether a table of abbreviations has a form that refers to other units. What it cannot read it takes for one: who
    /// reads the table in full says what is wrong.
    private static boolean crosses(byte[] table, int start) {
        int at = start;
        try {
            while (table[at] != 0) {
                at = past(table, past(table, at)) + 1;
                while (table[at] != 0 || table[at + 1] != 0) {
                    at = past(table, at);
                    int form = table[at];
                    if (form == DW_FORM_ref_addr || form == DW_FORM_ref_sig8) {
                        return true;
                    }
                    at = past(table, at);
                    at = form == DW_FORM_implicit_const ? past(table, at) : at;
                }
                at += 2;
            }
            return false;
        } catch (IndexOutOfBoundsException e) {
            return true;
        }
    }

    private static int past(byte[] table, int at) {
        while (table[at] < 0) {
            at++;
        }
        return at + 1;
    }
}
