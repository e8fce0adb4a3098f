package klink.dwarf;

import static klink.dwarf.Dwarf.*;

import klink.mem.IntList;

/// How the entries of a unit are read: for each abbreviation what it is to a reader of types, and a short program that
/// passes over what such a reader does not ask for and fetches the rest. Attributes of fixed size that are not asked for
/// are one step together, so that most local variables and call sites of a function are a single addition.
///
/// Made once per table of `.debug_abbrev`; a kernel object's has some 150 abbreviations, and its unit 10,000 entries.
final class EntryPlan {
    /// What an entry is. PRUNED is code that was inlined, and calls: no types are in there.
    static final byte OTHER = 0;
    static final byte PRUNED = 1;
    static final byte TYPE = 2;
    static final byte PART = 3;
    static final byte FUNCTION = 4;
    static final byte VARIABLE = 5;
    static final byte UNIT = 6;
    static final byte UNSPECIFIED_PARAMETERS = 7;

    /// Where a fetched value goes.
    static final int NONE = 0;
    static final int NAME = 1;
    static final int SIZE = 2;
    static final int TYPE_REF = 3;
    static final int DECLARATION = 4;
    static final int EXTERNAL = 5;
    static final int ENCODING = 6;
    static final int MEMBER_LOCATION = 7;
    static final int BIT_SIZE = 8;
    static final int DATA_BIT_OFFSET = 9;
    static final int BIT_OFFSET = 10;
    static final int UPPER_BOUND = 11;
    static final int COUNT = 12;
    static final int CONST_VALUE = 13;
    static final int SIBLING = 14;
    static final int ORIGIN = 15;
    static final int SPECIFICATION = 16;
    static final int LOCATION = 17;
    static final int LANGUAGE = 18;
    static final int STR_OFFSETS_BASE = 19;
    static final int ADDR_BASE = 20;
    /// A bound that only a running program knows.
    static final int NO_BOUND = 21;
    static final int MEMBER_BLOCK = 22;
    /// Of a parameter: its locations as an offset in `.debug_loc` or `.debug_loclists`; as an index in the table of the latter.
    static final int LOCATION_LIST = 23;
    static final int LOCATION_INDEX = 24;
    static final int LOCLISTS_BASE = 25;
    static final int SIGNATURE = 26;
    static final int ARTIFICIAL = 27;
    static final int REGISTERS = 28;

    /// Steps of a program: the step in the lowest byte, the register above it. What a step does is in [TypeReader].
    static final int END = 0;
    static final int SKIP = 1;
    static final int SKIP_LEB = 2;
    static final int SKIP_STRING = 3;
    static final int DATA1 = 4;
    static final int DATA2 = 5;
    static final int DATA4 = 6;
    static final int DATA8 = 7;
    static final int ULEB = 8;
    static final int SLEB = 9;
    static final int IMPLICIT = 10;
    static final int STRP = 11;
    static final int LINE_STRP = 12;
    static final int STRING = 13;
    static final int STRX = 14;
    static final int REF1 = 15;
    static final int REF2 = 16;
    static final int REF4 = 17;
    static final int REF8 = 18;
    static final int REF_LEB = 19;
    static final int BLOCK = 20;
    static final int GENERAL = 21;

    private final Abbreviations table;
    final byte[] what;
    final boolean[] parent;
    /// Where each program starts in [#steps].
    final int[] start;
    /// Bytes of the attributes, if they are always the same; else -1.
    final int[] fixed;
    /// Which registers the program fills, a bit each.
    final int[] fills;
    final int[] steps;
    private final boolean locations;

    /// @param unit      any unit that has the table: they say how wide offsets and addresses are
    /// @param locations whether it is asked where parameters are
    EntryPlan(Abbreviations table, Unit unit, boolean locations) {
        this.table = table;
        this.locations = locations;
        int n = table.count();
        what = new byte[n];
        parent = new boolean[n];
        start = new int[n];
        fixed = new int[n];
        fills = new int[n];
        var code = new IntList(16 * n);
        for (int a = 0; a < n; a++) {
            what[a] = what(table.tag(a));
            parent[a] = table.hasChildren(a);
            start[a] = code.size();
            int pending = 0;
            int all = 0;
            for (int i = table.first(a); i < table.end(a); i++) {
                int form = table.form(i);
                int register = register(what[a], table.tag(a), table.name(i), form);
                int size = size(unit, form);
                all = all < 0 || size < 0 ? -1 : all + size;
                if (register == NONE && size >= 0) {
                    pending += size;
                    continue;
                }
                if (pending > 0) {
                    code.add(SKIP | pending << 8);
                    pending = 0;
                }
                fills[a] |= 1 << register;
                step(code, unit, register, i);
            }
            if (pending > 0) {
                code.add(SKIP | pending << 8);
            }
            code.add(END);
            fixed[a] = all;
            fills[a] &= ~1;
        }
        steps = code.toArray();
    }

    private void step(IntList code, Unit unit, int register, int attribute) {
        int form = table.form(attribute);
        int r = register << 8;
        if (unit.big && size(unit, form) > 1) {
            general(code, r, form); // the other steps read little-endian
            return;
        }
        switch (form) {
            case DW_FORM_data1, DW_FORM_flag, DW_FORM_ref1 -> code.add((form == DW_FORM_ref1 ? REF1 : DATA1) | r);
            case DW_FORM_data2, DW_FORM_ref2 -> code.add((form == DW_FORM_ref2 ? REF2 : DATA2) | r);
            case DW_FORM_data4, DW_FORM_ref4 -> code.add((form == DW_FORM_ref4 ? REF4 : DATA4) | r);
            case DW_FORM_data8, DW_FORM_ref8 -> code.add((form == DW_FORM_ref8 ? REF8 : DATA8) | r);
            case DW_FORM_udata -> code.add(register == NONE ? SKIP_LEB : ULEB | r);
            case DW_FORM_sdata -> code.add(register == NONE ? SKIP_LEB : SLEB | r);
            case DW_FORM_ref_udata -> code.add(REF_LEB | r);
            case DW_FORM_loclistx -> code.add(register == NONE ? SKIP_LEB : ULEB | r);
            case DW_FORM_addrx, DW_FORM_rnglistx -> code.add(SKIP_LEB);
            case DW_FORM_strx -> code.add(register == NONE ? SKIP_LEB : STRX | r);
            case DW_FORM_string -> code.add(register == NONE ? SKIP_STRING : STRING | r);
            case DW_FORM_flag_present, DW_FORM_implicit_const -> {
                long value = form == DW_FORM_flag_present ? 1 : table.implicit(attribute);
                code.add(IMPLICIT | r);
                code.add((int) value);
                code.add((int) (value >>> 32));
            }
            case DW_FORM_exprloc, DW_FORM_block -> code.add(BLOCK | r);
            case DW_FORM_sec_offset -> {
                if (unit.wide) {
                    general(code, r, form);
                } else {
                    code.add(DATA4 | r);
                }
            }
            case DW_FORM_strp, DW_FORM_line_strp -> {
                if (unit.wide) {
                    general(code, r, form);
                } else {
                    code.add((form == DW_FORM_strp ? STRP : LINE_STRP) | r);
                }
            }
            default -> general(code, r, form);
        }
    }

    /// A rare form, which the program names.
    private static void general(IntList code, int register, int form) {
        code.add(GENERAL | register);
        code.add(form);
    }

    /// Bytes of a value of this form, or -1 if values differ in size.
    private static int size(Unit unit, int form) {
        int offset = unit.wide ? 8 : 4;
        return switch (form) {
            case DW_FORM_flag_present, DW_FORM_implicit_const -> 0;
            case DW_FORM_data1, DW_FORM_flag, DW_FORM_ref1, DW_FORM_strx1, DW_FORM_addrx1 -> 1;
            case DW_FORM_data2, DW_FORM_ref2, DW_FORM_strx2, DW_FORM_addrx2 -> 2;
            case DW_FORM_strx3, DW_FORM_addrx3 -> 3;
            case DW_FORM_data4, DW_FORM_ref4, DW_FORM_ref_sup4, DW_FORM_strx4, DW_FORM_addrx4 -> 4;
            case DW_FORM_data8, DW_FORM_ref8, DW_FORM_ref_sig8, DW_FORM_ref_sup8 -> 8;
            case DW_FORM_data16 -> 16;
            case DW_FORM_addr -> unit.addressSize;
            case DW_FORM_strp, DW_FORM_sec_offset, DW_FORM_strp_sup, DW_FORM_line_strp, DW_FORM_GNU_ref_alt, DW_FORM_GNU_strp_alt -> offset;
            case DW_FORM_ref_addr -> unit.version == 2 ? unit.addressSize : offset;
            default -> -1;
        };
    }

    private static byte what(int tag) {
        return switch (tag) {
            case DW_TAG_array_type, DW_TAG_class_type, DW_TAG_enumeration_type, DW_TAG_pointer_type, DW_TAG_reference_type, DW_TAG_string_type,
                    DW_TAG_structure_type, DW_TAG_subroutine_type, DW_TAG_typedef, DW_TAG_union_type, DW_TAG_ptr_to_member_type, DW_TAG_base_type,
                    DW_TAG_const_type, DW_TAG_volatile_type, DW_TAG_restrict_type, DW_TAG_unspecified_type, DW_TAG_rvalue_reference_type,
                    DW_TAG_atomic_type -> TYPE;
            case DW_TAG_member, DW_TAG_inheritance, DW_TAG_enumerator, DW_TAG_formal_parameter, DW_TAG_subrange_type, DW_TAG_LLVM_annotation -> PART;
            case DW_TAG_unspecified_parameters -> UNSPECIFIED_PARAMETERS;
            case DW_TAG_inlined_subroutine, DW_TAG_call_site, DW_TAG_GNU_call_site -> PRUNED;
            case DW_TAG_subprogram -> FUNCTION;
            case DW_TAG_variable -> VARIABLE;
            case DW_TAG_compile_unit, DW_TAG_partial_unit, DW_TAG_skeleton_unit, DW_TAG_type_unit -> UNIT;
            default -> OTHER;
        };
    }

    private int register(byte what, int tag, int name, int form) {
        int register = switch (name) {
            case DW_AT_name -> NAME;
            case DW_AT_byte_size -> SIZE;
            case DW_AT_type -> TYPE_REF;
            case DW_AT_declaration -> DECLARATION;
            case DW_AT_external -> EXTERNAL;
            case DW_AT_encoding -> ENCODING;
            case DW_AT_data_member_location -> MEMBER_LOCATION;
            case DW_AT_bit_size -> BIT_SIZE;
            case DW_AT_data_bit_offset -> DATA_BIT_OFFSET;
            case DW_AT_bit_offset -> BIT_OFFSET;
            case DW_AT_upper_bound -> UPPER_BOUND;
            case DW_AT_count -> COUNT;
            case DW_AT_const_value -> CONST_VALUE;
            case DW_AT_sibling -> SIBLING;
            case DW_AT_abstract_origin -> ORIGIN;
            case DW_AT_specification -> SPECIFICATION;
            case DW_AT_location -> LOCATION;
            case DW_AT_language -> LANGUAGE;
            case DW_AT_str_offsets_base -> STR_OFFSETS_BASE;
            case DW_AT_addr_base -> ADDR_BASE;
            case DW_AT_loclists_base -> LOCLISTS_BASE;
            case DW_AT_signature -> SIGNATURE;
            case DW_AT_artificial -> ARTIFICIAL;
            default -> NONE;
        };
        if (register == LOCATION || isBlock(form) || isReference(form) || isIndex(form)) {
            register = byForm(register, form);
        }
        if ((register == NAME || register == CONST_VALUE && tag == DW_TAG_LLVM_annotation) && !isString(form)) {
            register = NONE;
        }
        boolean location = register == LOCATION || register == LOCATION_LIST || register == LOCATION_INDEX;
        boolean wanted = switch (what) {
            case OTHER, UNSPECIFIED_PARAMETERS -> false;
            case PRUNED -> register == SIBLING;
            case UNIT -> register == LANGUAGE || register == STR_OFFSETS_BASE || register == ADDR_BASE || register == LOCLISTS_BASE;
            case TYPE -> (register != NAME || isNamed(tag)) && register != SIBLING && !location && register != CONST_VALUE && register != ARTIFICIAL;
            case PART -> register == SIGNATURE || register == ARTIFICIAL ? false : location ? locations && tag == DW_TAG_formal_parameter : register != SIBLING && (register != CONST_VALUE || tag == DW_TAG_enumerator || tag == DW_TAG_LLVM_annotation);
            case FUNCTION -> register == NAME || register == TYPE_REF || register == DECLARATION || register == EXTERNAL || register == ORIGIN
                    || register == SPECIFICATION || register == SIBLING;
            case VARIABLE -> register == NAME || register == TYPE_REF || register == DECLARATION || register == EXTERNAL || register == ORIGIN
                    || register == SPECIFICATION || register == LOCATION || register == ARTIFICIAL;
            default -> false;
        };
        return wanted ? register : NONE;
    }

    /// Whether BTF has a name for types of that kind. Rust's pointers say `&u8` and `*const u8`, which are one type there.
    private static boolean isNamed(int tag) {
        return switch (tag) {
            case DW_TAG_pointer_type, DW_TAG_array_type, DW_TAG_const_type, DW_TAG_volatile_type, DW_TAG_restrict_type, DW_TAG_subroutine_type -> false;
            default -> true;
        };
    }

    /// What a value is that is no constant.
    private static int byForm(int register, int form) {
        return switch (register) {
            case UPPER_BOUND, COUNT -> NO_BOUND;
            case MEMBER_LOCATION -> isBlock(form) ? MEMBER_BLOCK : NONE;
            case LOCATION -> isBlock(form) ? LOCATION : form == DW_FORM_loclistx ? LOCATION_INDEX
                    : form == DW_FORM_sec_offset || form == DW_FORM_data4 || form == DW_FORM_data8 ? LOCATION_LIST : NONE;
            case TYPE_REF, ORIGIN, SPECIFICATION, SIBLING, SIGNATURE -> isReference(form) ? register : NONE;
            default -> NONE;
        };
    }

    private static boolean isReference(int form) {
        return switch (form) {
            case DW_FORM_ref1, DW_FORM_ref2, DW_FORM_ref4, DW_FORM_ref8, DW_FORM_ref_udata, DW_FORM_ref_addr, DW_FORM_ref_sig8 -> true;
            default -> false;
        };
    }

    private static boolean isString(int form) {
        return switch (form) {
            case DW_FORM_string, DW_FORM_strp, DW_FORM_line_strp, DW_FORM_strx, DW_FORM_strx1, DW_FORM_strx2, DW_FORM_strx3, DW_FORM_strx4 -> true;
            default -> false;
        };
    }

    /// Forms of indices into tables that no attribute asked for here has.
    private static boolean isIndex(int form) {
        return form == DW_FORM_addrx || form == DW_FORM_loclistx || form == DW_FORM_rnglistx;
    }

    static boolean isBlock(int form) {
        return form == DW_FORM_exprloc || form == DW_FORM_block || form == DW_FORM_block1 || form == DW_FORM_block2 || form == DW_FORM_block4;
    }

    int tag(int abbreviation) {
        return table.tag(abbreviation);
    }

    int find(int code) {
        return table.find(code);
    }

    /// Forms and names, for what is read one by one.
    Abbreviations table() {
        return table;
    }
}
