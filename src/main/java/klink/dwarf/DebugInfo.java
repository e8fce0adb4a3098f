package klink.dwarf;

import static klink.dwarf.Dwarf.*;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What `.debug_info` says of the variables and functions of an object that have an address: where they are declared, and
/// where functions were inlined into others.
final class DebugInfo {
    /// A copy of an inlined function refers to the function, and that to its declaration.
    private static final int ORIGINS = 4;

    private final DebugSections sections;
    private final LineTable lines;
    private final List<Declared> declared = new ArrayList<>();
    private final List<Inlined> inlined = new ArrayList<>();
    private String directory = "";

    private record Declared(Ranges at, SourceLine line) {}

    /// Code of a function that was inlined, and the line that calls it.
    private record Inlined(Ranges at, SourceLine call) {}

    /// A variable or function of the unit being read: where it is, where it is declared, or, if it has no declaration of
    /// its own, which entry has. -1 for what it does not say.
    private static final class Entry {
        final Ranges at = new Ranges();
        long file = -1;
        long line = -1;
        long callFile = -1;
        long callLine = -1;
        long origin = -1;
    }

    private DebugInfo(DebugSections sections, LineTable lines) {
        this.sections = sections;
        this.lines = lines;
    }

    /// Reads all units of `.debug_info`.
    /// @param whole false: only the units' own entries, for [#directory]
    static DebugInfo read(DebugSections sections, LineTable lines, boolean whole) {
        var found = new DebugInfo(sections, lines);
        DebugSection info = sections.section(".debug_info");
        DebugSection abbreviations = sections.section(".debug_abbrev");
        if (info == null || abbreviations == null) {
            return found;
        }
        var c = new Cursor(info, 0);
        var tables = new HashMap<Integer, Abbreviations>();
        while (!c.atEnd()) {
            var unit = new Unit(sections, c);
            found.unit(unit, c, tables.computeIfAbsent(unit.abbreviations, at -> new Abbreviations(new Cursor(abbreviations, at))), whole);
            c.leaveUnit(unit.end);
        }
        return found;
    }

    /// The directory that the object was compiled in, or empty.
    String directory() {
        return directory;
    }

    /// The declaration of what begins at a place, or null.
    SourceLine at(int section, long address) {
        for (Declared d : declared) {
            if (d.at.beginsAt(section, address)) {
                return d.line;
            }
        }
        return null;
    }

    /// Where the function that holds an instruction calls the one that it was inlined from; null if it was not. Of inlined
    /// code in inlined code the outermost call comes first in the tree of entries.
    SourceLine inlinedAt(int section, long address) {
        for (Inlined i : inlined) {
            if (i.at.holds(section, address)) {
                return i.call;
            }
        }
        return null;
    }

    private void unit(Unit unit, Cursor c, Abbreviations table, boolean whole) {
        LineProgram program = null;
        var entries = new HashMap<Long, Entry>();
        var located = new ArrayList<Entry>();
        boolean first = true;
        while (!c.atEnd()) {
            long offset = c.at() - unit.start;
            int code = c.index();
            if (code == 0) {
                continue;
            }
            int abbreviation = table.find(code);
            if (abbreviation < 0) {
                throw c.bad("no abbreviation " + code);
            }
            int tag = table.tag(abbreviation);
            if (first) {
                program = self(unit, c, table, abbreviation);
                first = false;
                if (!whole) {
                    return;
                }
            } else if (tag == DW_TAG_variable || tag == DW_TAG_subprogram || tag == DW_TAG_member) {
                Entry e = entry(unit, c, table, abbreviation);
                entries.put(offset, e);
                if (e.at.count() > 0) {
                    located.add(e);
                }
            } else if (tag == DW_TAG_inlined_subroutine) {
                Entry e = entry(unit, c, table, abbreviation);
                SourceLine call = line(program, e.callFile, e.callLine);
                if (e.at.count() > 0 && call != null) {
                    inlined.add(new Inlined(e.at, call));
                }
            } else {
                for (int i = table.first(abbreviation); i < table.end(abbreviation); i++) {
                    unit.skip(c, table.form(i));
                }
            }
        }
        for (Entry e : located) {
            add(e, entries, program);
        }
    }

    /// Reads the unit's own entry.
    /// @return its line program, which has the names of files; or null
    private LineProgram self(Unit unit, Cursor c, Abbreviations table, int abbreviation) {
        int tag = table.tag(abbreviation);
        boolean whole = tag == DW_TAG_compile_unit || tag == DW_TAG_partial_unit || tag == DW_TAG_skeleton_unit;
        LineProgram program = null;
        int directoryAt = -1;
        int directoryForm = 0;
        int lowAt = -1;
        int lowForm = 0;
        for (int i = table.first(abbreviation); i < table.end(abbreviation); i++) {
            int form = table.form(i);
            switch (table.name(i)) {
                case DW_AT_stmt_list -> program = lines.program(unit.number(c, form, table.implicit(i)));
                case DW_AT_addr_base -> unit.addressBase = unit.number(c, form, table.implicit(i));
                case DW_AT_rnglists_base -> unit.rangesBase = unit.number(c, form, table.implicit(i));
                case DW_AT_str_offsets_base -> unit.stringOffsetsBase = unit.number(c, form, table.implicit(i));
                case DW_AT_low_pc -> {
                    lowAt = c.at(); // so may the base of indexed addresses
                    lowForm = form;
                    unit.skip(c, form);
                }
                case DW_AT_comp_dir -> {
                    directoryAt = c.at(); // read below: the base of an indexed string may come later
                    directoryForm = form;
                    unit.skip(c, form);
                }
                default -> unit.skip(c, form);
            }
        }
        int next = c.at();
        if (whole && directory.isEmpty() && directoryAt >= 0) {
            c.jump(directoryAt);
            String name = unit.string(c, directoryForm);
            directory = name == null ? "" : name;
        }
        if (lowAt >= 0) {
            c.jump(lowAt);
            Address low = unit.address(c, lowForm);
            unit.low = low == null ? unit.low : low;
        }
        c.jump(next);
        return program;
    }

    private static Entry entry(Unit unit, Cursor c, Abbreviations table, int abbreviation) {
        var entry = new Entry();
        Address low = null;
        Address high = null;
        long length = -1;
        for (int i = table.first(abbreviation); i < table.end(abbreviation); i++) {
            int form = table.form(i);
            switch (table.name(i)) {
                case DW_AT_decl_file -> entry.file = unit.number(c, form, table.implicit(i));
                case DW_AT_decl_line -> entry.line = unit.number(c, form, table.implicit(i));
                case DW_AT_call_file -> entry.callFile = unit.number(c, form, table.implicit(i));
                case DW_AT_call_line -> entry.callLine = unit.number(c, form, table.implicit(i));
                case DW_AT_specification, DW_AT_abstract_origin -> entry.origin = reference(unit, c, form, table.implicit(i));
                case DW_AT_location -> location(unit, c, form, entry);
                case DW_AT_ranges -> entry.at.read(unit, form == DW_FORM_rnglistx ? c.uleb() : unit.number(c, form, 0), form == DW_FORM_rnglistx);
                case DW_AT_low_pc -> {
                    low = unit.address(c, form);
                    if (low == null) {
                        throw c.bad("address of form 0x" + Integer.toHexString(form));
                    }
                }
                case DW_AT_high_pc -> {
                    high = unit.address(c, form); // an address, or the bytes from the low one
                    length = high == null ? unit.number(c, form, table.implicit(i)) : -1;
                }
                default -> unit.skip(c, form);
            }
        }
        if (low != null) {
            entry.at.add(low, high != null ? high.offset() : low.offset() + Math.max(1, length));
        }
        return entry;
    }

    /// An entry of the same unit, by its offset there; -1 for one of another unit.
    private static long reference(Unit unit, Cursor c, int form, long implicit) {
        if (form == DW_FORM_ref_addr || form == DW_FORM_ref_sig8 || form == DW_FORM_ref_sup4 || form == DW_FORM_ref_sup8 || form == DW_FORM_GNU_ref_alt) {
            unit.skip(c, form);
            return -1;
        }
        return unit.number(c, form, implicit);
    }

    /// A fixed address: an expression of one operation.
    private static void location(Unit unit, Cursor c, int form, Entry entry) {
        long length = unit.blockLength(c, form);
        if (length < 0) {
            unit.skip(c, form);
            return;
        }
        if (length > c.left()) {
            throw c.bad("expression of " + Long.toUnsignedString(length) + " bytes");
        }
        int next = c.at() + (int) length;
        int operation = length > 0 ? c.u8() : 0;
        if (operation == DW_OP_addr && length == 1 + unit.addressSize) {
            variable(unit.address(c), entry);
        } else if (operation == DW_OP_addrx) {
            long index = c.uleb();
            if (c.at() == next) {
                variable(unit.indexed(index), entry);
            }
        }
        c.jump(next);
    }

    private static void variable(Address start, Entry entry) {
        entry.at.add(start, start.offset() + 1);
    }

    private void add(Entry located, Map<Long, Entry> entries, LineProgram program) {
        long file = -1;
        long line = -1;
        Entry e = located;
        for (int step = 0; e != null && step < ORIGINS; step++) { // the one nearest to the definition says it
            file = file < 0 ? e.file : file;
            line = line < 0 ? e.line : line;
            e = entries.get(e.origin);
        }
        SourceLine known = line(program, file, line);
        if (known != null) {
            declared.add(new Declared(located.at, known));
        }
    }

    private static SourceLine line(LineProgram program, long file, long line) {
        if (program == null || line <= 0 || line > Integer.MAX_VALUE || file < 0 || file > Integer.MAX_VALUE) {
            return null;
        }
        String path = program.path((int) file);
        return path == null ? null : new SourceLine(path, (int) line);
    }
}
