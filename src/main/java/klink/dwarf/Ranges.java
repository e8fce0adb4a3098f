package klink.dwarf;

import static klink.dwarf.Dwarf.*;

import klink.mem.LongList;

/// Parts of an object that belong to one entry of `.debug_info`, three words each: section, start, end. A function has
/// several if part of it is cold; an inlined one, if its instructions were scattered.
final class Ranges {
    private static final int WORDS = 3;

    private final LongList words = new LongList();

    int count() {
        return words.size() / WORDS;
    }

    boolean holds(int section, long address) {
        for (int i = 0; i < words.size(); i += WORDS) {
            if (words.get(i) == section && address >= words.get(i + 1) && address < words.get(i + 2)) {
                return true;
            }
        }
        return false;
    }

    /// Whether one of them begins here.
    boolean beginsAt(int section, long address) {
        for (int i = 0; i < words.size(); i += WORDS) {
            if (words.get(i) == section && words.get(i + 1) == address) {
                return true;
            }
        }
        return false;
    }

    void add(Address start, long end) {
        if (start.section() != 0 && end > start.offset()) {
            words.add(start.section());
            words.add(start.offset());
            words.add(end);
        }
    }

    /// Reads a list: what DW_AT_ranges refers to.
    /// @param at offset of the list, or its index where `indexed`
    void read(Unit unit, long at, boolean indexed) {
        DebugSection lists = unit.section(unit.version >= 5 ? ".debug_rnglists" : ".debug_ranges");
        if (lists == null) {
            return;
        }
        var c = new Cursor(lists, 0);
        if (indexed) {
            c.jump(Unit.baseOf(unit.rangesBase, at, unit.wide ? 8 : 4));
            c.jump(unit.rangesBase + c.unsigned(unit.wide ? 8 : 4));
        } else {
            c.jump(at);
        }
        if (unit.version >= 5) {
            list(unit, c);
        } else {
            pairs(unit, c);
        }
    }

    /// Versions 2 to 4: pairs of addresses, counted from the unit's low address unless a relocation says where they are; a
    /// pair of zeros ends the list, all ones begin a pair that sets what is counted from.
    private void pairs(Unit unit, Cursor c) {
        long ones = unit.addressSize == 8 ? -1L : 0xffff_ffffL;
        Address base = unit.low;
        while (true) {
            unit.countRange(c);
            Address start = unit.address(c);
            Address end = unit.address(c);
            if (start.offset() == ones) {
                base = end;
            } else if (start.section() != 0) {
                add(start, end.offset());
            } else if (start.offset() == 0 && end.offset() == 0) {
                return;
            } else {
                add(new Address(base.section(), base.offset() + start.offset()), base.offset() + end.offset());
            }
        }
    }

    /// Version 5, 7.25.
    private void list(Unit unit, Cursor c) {
        Address base = unit.low;
        for (int kind = c.u8(); kind != DW_RLE_end_of_list; kind = c.u8()) {
            unit.countRange(c);
            switch (kind) {
                case DW_RLE_base_addressx -> base = unit.indexed(c.uleb());
                case DW_RLE_base_address -> base = unit.address(c);
                case DW_RLE_startx_endx -> add(unit.indexed(c.uleb()), unit.indexed(c.uleb()).offset());
                case DW_RLE_startx_length -> length(unit.indexed(c.uleb()), c);
                case DW_RLE_start_end -> add(unit.address(c), unit.address(c).offset());
                case DW_RLE_start_length -> length(unit.address(c), c);
                case DW_RLE_offset_pair -> {
                    long start = base.offset() + c.uleb();
                    add(new Address(base.section(), start), base.offset() + c.uleb());
                }
                default -> throw c.bad("range list entry of kind " + kind);
            }
        }
    }

    private void length(Address start, Cursor c) {
        add(start, start.offset() + c.uleb());
    }
}
