package klink.dwarf;

import static klink.dwarf.Dwarf.*;

import java.util.HashMap;
import java.util.Map;
import klink.mem.LE;
import klink.report.BadInput;

/// Reads the attributes of entries by the programs of [EntryPlan], into registers. What runs most in a link with types:
/// 20 million entries of a defconfig, so the section is a heap array and its end is checked once for an entry.
class AttributeReader {
    /// Names in `.debug_str`, `.debug_line_str` and `.debug_info` itself, told apart by the two highest bits.
    static final int SPACE_SHIFT = 30;
    static final int SPACE = (1 << SPACE_SHIFT) - 1;

    final NameHashes names = new NameHashes();
    final long[] registers = new long[EntryPlan.REGISTERS];
    DebugSections sections;
    /// By signature: where the type of a type unit is.
    final Map<Long, Long> types = new HashMap<>();
    DebugSection section;
    byte[] info;
    /// Where it reads.
    int at;
    Unit unit;

    /// Runs the program of an abbreviation.
    final void run(EntryPlan plan, int a) {
        int[] steps = plan.steps;
        long[] r = registers;
        byte[] b = info;
        for (int pc = plan.start[a]; ; ) {
            int step = steps[pc++];
            int to = step >>> 8;
            switch (step & 0xff) {
                case EntryPlan.END -> {
                    return;
                }
                case EntryPlan.SKIP -> at += to;
                case EntryPlan.SKIP_LEB -> {
                    while (b[at++] < 0) {
                        // to the last byte
                    }
                }
                case EntryPlan.SKIP_STRING -> {
                    while (b[at++] != 0) {
                        // to the NUL
                    }
                }
                case EntryPlan.DATA1 -> r[to] = b[at++] & 0xff;
                case EntryPlan.DATA2 -> {
                    r[to] = LE.u16(b, at);
                    at += 2;
                }
                case EntryPlan.DATA4 -> {
                    r[to] = LE.u32(b, at);
                    at += 4;
                }
                case EntryPlan.ULEB -> r[to] = uleb();
                case EntryPlan.SLEB -> r[to] = sleb();
                case EntryPlan.IMPLICIT -> {
                    r[to] = steps[pc] & 0xffff_ffffL | (long) steps[pc + 1] << 32;
                    pc += 2;
                }
                case EntryPlan.STRP -> {
                    r[to] = name(0, LE.u32(b, at));
                    at += 4;
                }
                case EntryPlan.STRING -> {
                    r[to] = name(2, at);
                    while (b[at++] != 0) {
                        // to the NUL
                    }
                }
                case EntryPlan.REF4 -> {
                    r[to] = local(LE.u32(b, at));
                    at += 4;
                }
                case EntryPlan.BLOCK -> {
                    long length = uleb();
                    r[to] = at | length << 32;
                    pass(length);
                }
                default -> pc = rare(step, steps, pc);
            }
        }
    }

    private int rare(int step, int[] steps, int pc) {
        int to = step >>> 8;
        switch (step & 0xff) {
            case EntryPlan.REF1 -> registers[to] = local(info[at++] & 0xff);
            case EntryPlan.REF2 -> {
                registers[to] = local(LE.u16(info, at));
                at += 2;
            }
            case EntryPlan.REF8 -> {
                registers[to] = local(LE.i64(info, at));
                at += 8;
            }
            case EntryPlan.DATA8 -> {
                registers[to] = LE.i64(info, at);
                at += 8;
            }
            case EntryPlan.LINE_STRP -> {
                registers[to] = name(1, LE.u32(info, at));
                at += 4;
            }
            case EntryPlan.STRX -> registers[to] = name(0, indexed(uleb()));
            case EntryPlan.REF_LEB -> registers[to] = local(uleb());
            default -> {
                general(to, steps[pc]);
                return pc + 1;
            }
        }
        return pc;
    }

    /// A value of a form that is rare in C, or of a big-endian object.
    private void general(int to, int form) {
        var c = new Cursor(section, at);
        switch (form) {
            case DW_FORM_strx1 -> registers[to] = name(0, indexed(c.unsigned(1)));
            case DW_FORM_strx2 -> registers[to] = name(0, indexed(c.unsigned(2)));
            case DW_FORM_strx3 -> registers[to] = name(0, indexed(c.unsigned(3)));
            case DW_FORM_strx4 -> registers[to] = name(0, indexed(c.unsigned(4)));
            case DW_FORM_strp -> registers[to] = name(0, c.unsigned(unit.wide ? 8 : 4));
            case DW_FORM_line_strp -> registers[to] = name(1, c.unsigned(unit.wide ? 8 : 4));
            case DW_FORM_data2 -> registers[to] = c.u16();
            case DW_FORM_data4 -> registers[to] = c.u32();
            case DW_FORM_data8 -> registers[to] = c.u64();
            case DW_FORM_ref2 -> registers[to] = local(c.u16());
            case DW_FORM_ref4 -> registers[to] = local(c.u32());
            case DW_FORM_ref8 -> registers[to] = local(c.u64());
            case DW_FORM_ref_addr -> {
                long value = c.unsigned(unit.version == 2 ? unit.addressSize : unit.wide ? 8 : 4);
                registers[to] = value >= 0 && value < info.length ? value : local(-1);
            }
            case DW_FORM_ref_sig8 -> {
                Long type = types.get(c.u64());
                if (type == null && to == EntryPlan.TYPE_REF) {
                    throw bad(c.at() - 8, "a reference to a type unit that is not there");
                }
                registers[to] = type == null ? -1 : type;
            }
            case DW_FORM_sec_offset -> registers[to] = c.unsigned(unit.wide ? 8 : 4);
            default -> {
                long length = unit.blockLength(c, form);
                if (length >= 0) {
                    registers[to] = c.at() | length << 32;
                    c.skip(length);
                } else {
                    int before = c.at();
                    unit.skip(c, form);
                    registers[to] = to == EntryPlan.NONE ? 0 : unusable(before, form);
                }
            }
        }
        at = c.at();
    }

    private long unusable(int where, int form) {
        throw bad(where, "a value of form 0x" + Integer.toHexString(form) + " where none is expected");
    }

    private void pass(long length) {
        if (length < 0 || length > info.length - at) {
            throw bad(at, "a block of " + Long.toUnsignedString(length) + " bytes is cut off");
        }
        at += (int) length;
    }

    private long local(long offset) {
        if (offset < 0 || offset >= unit.end - unit.start) {
            throw bad(at, "a reference to 0x" + Long.toHexString(offset) + ", outside of the unit");
        }
        return unit.start + offset;
    }

    private long name(int space, long offset) {
        if (offset < 0 || offset > SPACE || !names.holds(space, (int) offset)) {
            throw bad(at, "a name at 0x" + Long.toHexString(offset) + ", past the end of its strings");
        }
        return (long) space << SPACE_SHIFT | offset;
    }

    /// Entry `index` of the unit's part of `.debug_str_offsets`.
    private long indexed(long index) {
        DebugSection table = sections.section(".debug_str_offsets");
        if (table == null) {
            throw bad(at, "a string of .debug_str_offsets, which the object does not have");
        }
        int width = unit.wide ? 8 : 4;
        var c = new Cursor(table, 0);
        c.jump(Unit.baseOf(unit.stringOffsetsBase, index, width));
        return c.unsigned(width);
    }

    final long uleb() {
        long value = info[at++];
        if (value >= 0) {
            return value;
        }
        value &= 0x7f;
        for (int shift = 7; ; shift += 7) {
            int b = info[at++];
            value |= shift < 64 ? (long) (b & 0x7f) << shift : 0;
            if (b >= 0) {
                return value;
            }
        }
    }

    private long sleb() {
        long value = 0;
        for (int shift = 0; ; ) {
            int b = info[at++];
            value |= shift < 64 ? (long) (b & 0x7f) << shift : 0;
            shift += 7;
            if (b >= 0) {
                return shift < 64 && (b & 0x40) != 0 ? value | -1L << shift : value;
            }
        }
    }

    /// Damage at an offset of `.debug_info`, ready to throw.
    public final BadInput bad(int offset, String what) {
        return section.bad(offset, what);
    }
}
