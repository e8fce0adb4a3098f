package klink.dwarf;

import static klink.dwarf.Dwarf.*;

import klink.report.BadInput;

/// One unit of `.debug_info`: what its header says, and how its attribute values are read (DWARF 5, 7.5). An object
/// has one unit, more only with LTO or type units.
final class Unit {
    final int version;
    final int type;
    final int start;
    final int end;
    /// Where its first entry begins.
    final int entries;
    final boolean wide;
    final boolean big;
    final int addressSize;
    final int abbreviations;
    /// Of a type unit: what references to its type say, and where that is (DWARF 5, 7.5.1.3; version 4 has such units in a section of
    /// their own).
    final long signature;
    final long typeOffset;
    /// From the unit's own entry; see [#baseOf].
    long addressBase;
    long stringOffsetsBase;
    long rangesBase;
    long locationsBase;
    /// How many more ranges may be read: lists can be shared, so that a small file could ask for any number.
    private int rangesLeft = 4 << 20;
    /// Where the unit's code begins; ranges count from there.
    Address low = new Address(0, 0);

    private final DebugSections sections;

    /// Reads the header at `c`; from then on `c` reads no further than the unit.
    Unit(DebugSections sections, Cursor c) {
        this(sections, c, false);
    }

    /// @param isType whether it is from `.debug_types`
    Unit(DebugSections sections, Cursor c, boolean isType) {
        this.sections = sections;
        start = c.at();
        end = c.enterUnit();
        wide = c.isWide();
        big = c.isBig();
        version = c.u16();
        if (version < 2 || version > 5) {
            throw c.bad("DWARF version " + version);
        }
        type = version >= 5 ? c.u8() : isType ? DW_UT_type : 0;
        int size = version >= 5 ? c.u8() : 0;
        long table = c.offset();
        addressSize = version >= 5 ? size : c.u8();
        if (addressSize != 4 && addressSize != 8 || table < 0 || table > Integer.MAX_VALUE) {
            throw c.bad("addresses of " + addressSize + " bytes, abbreviations at 0x" + Long.toHexString(table));
        }
        abbreviations = (int) table;
        if (type == DW_UT_skeleton || type == DW_UT_split_compile) {
            c.skip(8);
        }
        boolean typed = type == DW_UT_type || type == DW_UT_split_type;
        signature = typed ? c.u64() : 0;
        typeOffset = typed ? c.offset() : 0;
        entries = c.at();
        addressBase = wide ? 16 : 8;
        stringOffsetsBase = wide ? 16 : 8;
        rangesBase = wide ? 20 : 12;
        locationsBase = rangesBase;
    }

    /// Passes over a value.
    void skip(Cursor c, int form) {
        switch (form) {
            case DW_FORM_flag_present, DW_FORM_implicit_const -> { }
            case DW_FORM_data1, DW_FORM_flag, DW_FORM_ref1, DW_FORM_strx1, DW_FORM_addrx1 -> c.skip(1);
            case DW_FORM_data2, DW_FORM_ref2, DW_FORM_strx2, DW_FORM_addrx2 -> c.skip(2);
            case DW_FORM_strx3, DW_FORM_addrx3 -> c.skip(3);
            case DW_FORM_data4, DW_FORM_ref4, DW_FORM_ref_sup4, DW_FORM_strx4, DW_FORM_addrx4 -> c.skip(4);
            case DW_FORM_data8, DW_FORM_ref8, DW_FORM_ref_sig8, DW_FORM_ref_sup8 -> c.skip(8);
            case DW_FORM_data16 -> c.skip(16);
            case DW_FORM_udata, DW_FORM_sdata, DW_FORM_ref_udata, DW_FORM_strx, DW_FORM_addrx, DW_FORM_loclistx, DW_FORM_rnglistx -> c.uleb();
            case DW_FORM_addr -> c.skip(addressSize);
            case DW_FORM_strp, DW_FORM_sec_offset, DW_FORM_strp_sup, DW_FORM_line_strp, DW_FORM_GNU_ref_alt, DW_FORM_GNU_strp_alt -> c.offset();
            case DW_FORM_ref_addr -> c.skip(version == 2 ? addressSize : wide ? 8 : 4);
            case DW_FORM_string -> c.skipString();
            case DW_FORM_block, DW_FORM_block1, DW_FORM_block2, DW_FORM_block4, DW_FORM_exprloc -> c.skip(blockLength(c, form));
            case DW_FORM_indirect -> skip(c, c.index());
            default -> throw unknown(c, form);
        }
    }

    /// Reads the length of a block or an expression, which `c` then stands at; -1 if the value is neither, and then
    /// nothing is read.
    long blockLength(Cursor c, int form) {
        return switch (form) {
            case DW_FORM_block, DW_FORM_exprloc -> c.uleb();
            case DW_FORM_block1 -> c.u8();
            case DW_FORM_block2 -> c.u16();
            case DW_FORM_block4 -> c.u32();
            default -> -1;
        };
    }

    /// A constant, an offset in a section, or a reference, as the number it is.
    long number(Cursor c, int form, long implicit) {
        return switch (form) {
            case DW_FORM_implicit_const -> implicit;
            case DW_FORM_flag_present -> 1;
            case DW_FORM_data1, DW_FORM_flag, DW_FORM_ref1 -> c.u8();
            case DW_FORM_data2, DW_FORM_ref2 -> c.u16();
            case DW_FORM_data4, DW_FORM_ref4 -> c.u32();
            case DW_FORM_data8, DW_FORM_ref8 -> c.u64();
            case DW_FORM_udata, DW_FORM_ref_udata -> c.uleb();
            case DW_FORM_sdata -> c.sleb();
            case DW_FORM_sec_offset -> c.offset();
            case DW_FORM_indirect -> number(c, c.index(), 0);
            default -> throw unknown(c, form);
        };
    }

    /// A string; null for one in a file of its own.
    String string(Cursor c, int form) {
        return switch (form) {
            case DW_FORM_string -> c.string();
            case DW_FORM_strp -> sections.string(".debug_str", c.offset());
            case DW_FORM_line_strp -> sections.string(".debug_line_str", c.offset());
            case DW_FORM_strx -> indexedString(c, c.index());
            case DW_FORM_strx1 -> indexedString(c, c.unsigned(1));
            case DW_FORM_strx2 -> indexedString(c, c.unsigned(2));
            case DW_FORM_strx3 -> indexedString(c, c.unsigned(3));
            case DW_FORM_strx4 -> indexedString(c, c.unsigned(4));
            case DW_FORM_indirect -> string(c, c.index());
            default -> {
                skip(c, form);
                yield null;
            }
        };
    }

    private String indexedString(Cursor c, long index) {
        DebugSection table = sections.section(".debug_str_offsets");
        if (table == null) {
            throw c.bad("a string of .debug_str_offsets, which the object does not have");
        }
        int width = wide ? 8 : 4;
        var at = new Cursor(table, 0);
        at.jump(baseOf(stringOffsetsBase, index, width));
        return sections.string(".debug_str", at.unsigned(width));
    }

    /// Reads an address; its section is 0 if no relocation gives it one.
    Address address(Cursor c) {
        int section = c.sectionAt(c.at());
        return new Address(section, c.unsigned(addressSize));
    }

    /// An address of any form; null for a value that is none, and then nothing is read.
    Address address(Cursor c, int form) {
        return switch (form) {
            case DW_FORM_addr -> address(c);
            case DW_FORM_addrx -> indexed(c.uleb());
            case DW_FORM_addrx1 -> indexed(c.unsigned(1));
            case DW_FORM_addrx2 -> indexed(c.unsigned(2));
            case DW_FORM_addrx3 -> indexed(c.unsigned(3));
            case DW_FORM_addrx4 -> indexed(c.unsigned(4));
            default -> null;
        };
    }

    /// Entry `index` of the unit's part of `.debug_addr`.
    Address indexed(long index) {
        DebugSection table = sections.section(".debug_addr");
        if (table == null) {
            return new Address(0, 0);
        }
        var at = new Cursor(table, 0);
        at.jump(baseOf(addressBase, index, addressSize));
        return address(at);
    }

    /// Counts a range that is read.
    void countRange(Cursor c) {
        if (--rangesLeft < 0) {
            throw c.bad("too many address ranges");
        }
    }

    /// A section that the unit refers to; null if the object has none of that name.
    DebugSection section(String name) {
        return sections.section(name);
    }

    /// Offset of an entry of a table with a base; negative, and so refused by [Cursor#jump], where it is out of reach.
    static long baseOf(long base, long index, int width) {
        return base < 0 || base > Integer.MAX_VALUE || index < 0 || index > Integer.MAX_VALUE ? -1 : base + index * width;
    }

    private static BadInput unknown(Cursor c, int form) {
        return c.bad("attribute of unknown form 0x" + Integer.toHexString(form));
    }
}
