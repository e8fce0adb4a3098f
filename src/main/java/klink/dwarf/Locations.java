package klink.dwarf;

import static klink.dwarf.Dwarf.*;

/// Where a parameter is while its function runs, looked through for one thing: whether it came in the register in which
/// the ABI has it. Its locations are a single expression, or a list of expressions for ranges of the code (DWARF 5,
/// 2.6.2 and 7.7.3; before that `.debug_loc`, DWARF 4, 2.6.2). The ranges do not matter here.
///
/// What counts is what counts for pahole (parameter__reg in its dwarf_loader.c): a register, if it is the first location; or
/// the value that a register had at the entry, in any location.
final class Locations {
    private final DebugSections sections;
    private final Unit unit;
    private final int expected;
    private int number;
    private int found = TypeReader.NO_REGISTER;

    /// @param expected a register's number in DWARF
    Locations(DebugSections sections, Unit unit, int expected) {
        this.sections = sections;
        this.unit = unit;
        this.expected = expected;
    }

    int register() {
        return found;
    }

    /// Looks at one expression. What comes after the expected register has been found does not count.
    void expression(DebugSection section, int at, int length) {
        byte[] b = section.bytes();
        int n = number++;
        if (found == expected || length <= 0) {
            return;
        }
        int end = at + length;
        int op = b[at] & 0xff;
        if (op >= DW_OP_reg0 && op <= DW_OP_reg31) {
            if (n == 0 && isEnd(b, at + 1, end)) {
                found = op - DW_OP_reg0;
            }
        } else if (op == DW_OP_entry_value || op == DW_OP_GNU_entry_value) {
            var c = new Cursor(section, at + 1);
            int size = c.index();
            if (size > 0 && size <= end - c.at() && isEnd(b, c.at() + size, end)) {
                atEntry(c, size);
            }
        }
    }

    /// Nothing follows, or only that the value is none in memory.
    private static boolean isEnd(byte[] b, int at, int end) {
        return at == end || at + 1 == end && (b[at] & 0xff) == DW_OP_stack_value;
    }

    private void atEntry(Cursor c, int size) {
        int end = c.at() + size;
        int op = c.u8();
        if (op >= DW_OP_reg0 && op <= DW_OP_reg31 && c.at() == end) {
            found = op - DW_OP_reg0;
        } else if (op >= DW_OP_breg0 && op <= DW_OP_breg31) {
            c.sleb();
            found = c.at() == end ? OTHER : found;
        }
    }

    /// Something that is no register's plain value.
    private static final int OTHER = 1000;

    /// Looks at a list.
    ///
    /// @param at offset of the list, or its index where `indexed`
    void list(long at, boolean indexed) {
        DebugSection lists = sections.section(unit.version >= 5 ? ".debug_loclists" : ".debug_loc");
        if (lists == null) {
            return;
        }
        var c = new Cursor(lists, 0);
        if (indexed) {
            c.jump(Unit.baseOf(unit.locationsBase, at, unit.wide ? 8 : 4));
            c.jump(unit.locationsBase + c.unsigned(unit.wide ? 8 : 4));
        } else {
            c.jump(at);
        }
        if (unit.version >= 5) {
            entries(lists, c);
        } else {
            pairs(lists, c);
        }
    }

    /// Versions 2 to 4: a pair of zeros ends the list, unless relocations say that they are addresses; all ones set what is
    /// counted from.
    private void pairs(DebugSection lists, Cursor c) {
        long ones = unit.addressSize == 8 ? -1L : 0xffff_ffffL;
        while (found != expected) {
            Address start = unit.address(c);
            Address end = unit.address(c);
            if (start.offset() == ones) {
                continue;
            }
            if (start.offset() == 0 && end.offset() == 0 && start.section() == 0) {
                return;
            }
            int length = c.u16();
            int where = c.at();
            c.skip(length);
            expression(lists, where, length);
        }
    }

    private void entries(DebugSection lists, Cursor c) {
        for (int kind = c.u8(); kind != DW_LLE_end_of_list && found != expected; kind = c.u8()) {
            switch (kind) {
                case DW_LLE_base_addressx -> c.uleb();
                case DW_LLE_base_address -> c.skip(unit.addressSize);
                case DW_LLE_startx_endx, DW_LLE_startx_length, DW_LLE_offset_pair, DW_LLE_GNU_view_pair -> {
                    c.uleb();
                    c.uleb();
                }
                case DW_LLE_start_end -> c.skip(2L * unit.addressSize);
                case DW_LLE_start_length -> {
                    c.skip(unit.addressSize);
                    c.uleb();
                }
                case DW_LLE_default_location -> { }
                default -> throw c.bad("location list entry of kind " + kind);
            }
            if (kind != DW_LLE_base_addressx && kind != DW_LLE_base_address && kind != DW_LLE_GNU_view_pair) {
                int length = c.index();
                int where = c.at();
                c.skip(length);
                expression(lists, where, length);
            }
        }
    }
}
