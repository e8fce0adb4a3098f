package klink.dwarf;

import static klink.dwarf.Dwarf.*;

import java.util.ArrayList;
import java.util.List;

/// One line number program of `.debug_line` (DWARF 5, 6.2): its file names, and its rows into a [LineTable].
final class LineProgram {
    private static final int LONGEST_FORMAT = 255;

    final int offset;
    final int version;
    private final DebugSections sections;
    private final List<String> directories = new ArrayList<>();
    private final List<String> names = new ArrayList<>();
    private final List<Integer> directoryOf = new ArrayList<>();
    private final int instructionLength;
    private final int lineBase;
    private final int lineRange;
    private final int opcodeBase;
    private final int[] operands;
    private final int instructions;
    private final int end;

    /// Reads the header at `c`; from then on `c` reads no further than the program.
    LineProgram(DebugSections sections, Cursor c) {
        this.sections = sections;
        offset = c.at();
        end = c.enterUnit();
        version = c.u16();
        if (version < 2 || version > 5) {
            throw c.bad("line table of DWARF version " + version);
        }
        if (version >= 5) {
            c.skip(2); // sizes of addresses and segment selectors
        }
        long length = c.offset();
        if (length < 0 || length > c.left()) {
            throw c.bad("line table header of " + Long.toUnsignedString(length) + " bytes");
        }
        instructions = c.at() + (int) length;
        instructionLength = c.u8();
        if (version >= 4) {
            c.u8(); // operations in an instruction word: only VLIW machines have more than one
        }
        c.u8(); // default_is_stmt: rows that begin no statement count here all the same
        lineBase = (byte) c.u8();
        lineRange = c.u8();
        opcodeBase = c.u8();
        operands = new int[Math.max(1, opcodeBase)];
        for (int i = 1; i < opcodeBase; i++) {
            operands[i] = c.u8();
        }
        if (version >= 5) {
            entries(c, true);
            entries(c, false);
        } else {
            tables(c);
        }
    }

    /// Where the next program begins.
    int end() {
        return end;
    }

    /// The file tables of versions 2 to 4, which leave entry 0 to the unit: the directory it was compiled in, and
    /// no file.
    private void tables(Cursor c) {
        directories.add("");
        for (String d = c.string(); !d.isEmpty(); d = c.string()) {
            directories.add(d);
        }
        file("", 0);
        for (String f = c.string(); !f.isEmpty(); f = c.string()) {
            file(f, c.index());
            c.uleb();
            c.uleb();
        }
    }

    private void file(String name, int directory) {
        names.add(name);
        directoryOf.add(directory);
    }

    /// A file table of version 5, which says itself what its entries hold.
    private void entries(Cursor c, boolean isDirectories) {
        int formats = c.u8();
        int[] format = new int[2 * LONGEST_FORMAT];
        for (int i = 0; i < formats; i++) {
            format[2 * i] = c.index();
            format[2 * i + 1] = c.index();
        }
        int count = c.index();
        if (count > c.left()) { // an entry has at least a byte
            throw c.bad("file table of " + count + " entries");
        }
        for (int n = 0; n < count; n++) {
            String path = "";
            int directory = 0;
            for (int i = 0; i < formats; i++) {
                switch (format[2 * i]) {
                    case DW_LNCT_path -> path = string(c, format[2 * i + 1]);
                    case DW_LNCT_directory_index -> directory = number(c, format[2 * i + 1]);
                    default -> skip(c, format[2 * i + 1]);
                }
            }
            if (isDirectories) {
                directories.add(path);
            } else {
                file(path, directory);
            }
        }
    }

    /// DWARF 5, 6.2.4.1: the forms a path may have. Indexed strings would need the unit, and no compiler writes them.
    private String string(Cursor c, int form) {
        return switch (form) {
            case DW_FORM_string -> c.string();
            case DW_FORM_line_strp -> sections.string(".debug_line_str", c.offset());
            case DW_FORM_strp -> sections.string(".debug_str", c.offset());
            default -> throw c.bad("file name of form 0x" + Integer.toHexString(form));
        };
    }

    private static int number(Cursor c, int form) {
        return switch (form) {
            case DW_FORM_data1 -> c.u8();
            case DW_FORM_data2 -> c.u16();
            case DW_FORM_udata -> c.index();
            default -> throw c.bad("directory index of form 0x" + Integer.toHexString(form));
        };
    }

    private static void skip(Cursor c, int form) {
        switch (form) {
            case DW_FORM_data1 -> c.skip(1);
            case DW_FORM_data2 -> c.skip(2);
            case DW_FORM_data4 -> c.skip(4);
            case DW_FORM_data8 -> c.skip(8);
            case DW_FORM_data16 -> c.skip(16);
            case DW_FORM_udata -> c.uleb();
            case DW_FORM_block -> c.skip(c.uleb());
            case DW_FORM_string -> c.skipString();
            case DW_FORM_line_strp, DW_FORM_strp -> c.offset();
            default -> throw c.bad("file attribute of form 0x" + Integer.toHexString(form));
        }
    }

    /// The directory that the unit was compiled in; empty where only the unit tells (before version 5).
    String directory() {
        return directories.isEmpty() ? "" : directories.getFirst();
    }

    /// The path of a file: relative to [#directory], or absolute; null if there is no such file.
    String path(int file) {
        if (file < 0 || file >= names.size() || names.get(file).isEmpty()) {
            return null;
        }
        String name = names.get(file);
        int d = directoryOf.get(file);
        return name.startsWith("/") || d <= 0 || d >= directories.size() || directories.get(d).isEmpty() ? name : directories.get(d) + "/" + name;
    }

    /// Runs the program.
    void run(Cursor c, LineTable rows) {
        new Machine(c, rows).run();
    }

    /// The state machine of DWARF 5, 6.2.2, as far as addresses and lines go.
    private final class Machine {
        private final Cursor c;
        private final LineTable rows;
        private int section;
        private long address;
        private int file;
        private int line;
        /// Rows of a sequence have been added that has no end yet.
        private boolean open;

        Machine(Cursor c, LineTable rows) {
            this.c = c;
            this.rows = rows;
            reset();
        }

        private void reset() {
            open = false;
            section = 0;
            address = 0;
            file = 1;
            line = 1;
        }

        void run() {
            c.jump(instructions);
            while (!c.atEnd()) {
                int opcode = c.u8();
                if (opcode >= opcodeBase) {
                    advance(opcode);
                    line += lineBase + (opcode - opcodeBase) % lineRange;
                    row();
                } else if (opcode == 0) {
                    extended();
                } else {
                    standard(opcode);
                }
            }
        }

        /// What a special opcode adds to the address.
        private void advance(int opcode) {
            if (lineRange == 0) {
                throw c.bad("line range 0");
            }
            address += (long) ((opcode - opcodeBase) / lineRange) * instructionLength;
        }

        private void extended() {
            int length = c.index();
            if (length == 0 || length > c.left()) {
                throw c.bad("extended opcode of " + length + " bytes");
            }
            int next = c.at() + length;
            switch (c.u8()) {
                case DW_LNE_end_sequence -> {
                    if (open) {
                        rows.end(address);
                    }
                    reset();
                }
                case DW_LNE_set_address -> {
                    section = c.sectionAt(c.at());
                    address = c.unsigned(length - 1);
                }
                case DW_LNE_define_file -> file(c.string(), c.index());
                default -> { }
            }
            c.jump(next);
        }

        private void standard(int opcode) {
            switch (opcode) {
                case DW_LNS_copy -> row();
                case DW_LNS_advance_pc -> address += c.uleb() * instructionLength;
                case DW_LNS_advance_line -> line += (int) c.sleb();
                case DW_LNS_set_file -> file = c.index();
                case DW_LNS_const_add_pc -> advance(255);
                case DW_LNS_fixed_advance_pc -> address += c.u16();
                default -> {
                    for (int i = 0; i < operands[opcode]; i++) {
                        c.uleb();
                    }
                }
            }
        }

        private void row() {
            if (section == 0) {
                return; // code that is not in this object
            }
            if (!open) {
                rows.begin(LineProgram.this, section);
                open = true;
            }
            rows.add(address, file, line);
        }
    }
}
