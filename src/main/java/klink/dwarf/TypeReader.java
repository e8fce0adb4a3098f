package klink.dwarf;

import static klink.dwarf.Dwarf.*;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import klink.input.ObjectFile;

/// Reads the types, functions and variables out of an object's `.debug_info`, each unit in one pass from its first byte to
/// its last (DWARF 5, chapter 7; versions 2 to 5). What is not asked for is passed over by [EntryPlan]'s programs; types
/// are found wherever they are, as functions declare some of their own.
///
/// One reader serves one thread; [#open] takes it to the next object. A defconfig kernel with DWARF 4 has 180 MB of
/// `.debug_info` in 2,400 objects.
public final class TypeReader extends AttributeReader implements TypeNames {
    private final TypeEntries entries = new TypeEntries();
    private int[] stack = new int[64];

    private ObjectFile file;
    private UnitList units;
    private final Map<Integer, EntryPlan> plans = new HashMap<>();
    private boolean crosses;
    private final boolean locations;
    /// The units read together last.
    private final List<Unit> group = new ArrayList<>();

    /// @param locations whether it will be asked in which registers parameters are ([#register])
    public TypeReader(boolean locations) {
        this.locations = locations;
    }

    /// Takes up an object.
    public void open(UnitList list) {
        units = list;
        file = list.file;
        sections = list.sections;
        plans.clear();
        types.clear();
        crosses = list.crosses;
        section = list.whole;
        info = section == null ? new byte[0] : section.bytes();
        if (list.count() > 0) {
            names.open(text(".debug_str"), text(".debug_line_str"), info);
            entries.open(info.length);
        }
        for (int i = 0; i < list.all() && section != null; i++) {
            var u = unitAt(new Cursor(section, list.start(i)));
            if (u.type == DW_UT_type && u.typeOffset > 0 && u.typeOffset < u.end - u.start) {
                types.put(u.signature, u.start + u.typeOffset);
            }
        }
    }

    /// How many units the object has that can be read apart from each other; 0 without debug information.
    public int units() {
        return units.count();
    }

    /// Bytes of an object's `.debug_info`, as it is in the file.
    public static long infoSize(ObjectFile object) {
        int ndx = DebugSections.find(object, ".debug_info");
        return ndx == 0 ? 0 : object.size(ndx);
    }

    /// A unit as if it were a section.
    private Unit alone(int index) {
        section = units.copy(index);
        info = section.bytes();
        names.take(info);
        entries.open(info.length);
        if (plans.size() >= PLANS) {
            plans.clear();
        }
        return unitAt(new Cursor(section, 0));
    }

    /// An image has a table of abbreviations per unit, and none is met again.
    private static final int PLANS = 16;

    private Unit unitAt(Cursor c) {
        return new Unit(sections, c, section.isOfTypes(c.at()));
    }

    private byte[] text(String name) {
        DebugSection s = sections.section(name);
        return s == null ? new byte[0] : s.bytes();
    }

    private EntryPlan plan(Unit u) {
        EntryPlan plan = plans.get(u.abbreviations);
        if (plan == null) {
            plan = new EntryPlan(new Abbreviations(new Cursor(sections.section(".debug_abbrev"), u.abbreviations)), u, locations);
            plans.put(u.abbreviations, plan);
        }
        return plan;
    }

    /// Reads a unit, or all of them together if they refer to each other. What it gives back is used again by the next call.
    public TypeEntries read(int index) {
        entries.clear();
        group.clear();
        int first = crosses ? 0 : index;
        int end = crosses ? units.all() : index + 1;
        for (int i = first; i < end; i++) {
            unit = units.whole == null ? alone(i) : unitAt(new Cursor(section, units.start(i)));
            group.add(unit);
            if (unit.type == DW_UT_split_type || unit.type == DW_UT_split_compile || unit.type == DW_UT_skeleton) {
                throw bad(unit.start, "a unit whose types are in another file (-gsplit-dwarf): not supported");
            }
            at = unit.entries;
            try {
                walk(plan(unit));
            } catch (IndexOutOfBoundsException e) {
                throw bad(at, "unit at 0x" + Integer.toHexString(unit.start) + " is cut off");
            }
        }
        return entries;
    }

    private void walk(EntryPlan plan) {
        int depth = 0;
        stack[0] = -1;
        int end = unit.end;
        while (at < end) {
            int offset = at;
            int code = info[at++];
            if (code <= 0) {
                if (code == 0) {
                    depth = Math.max(0, depth - 1);
                    continue;
                }
                at--;
                code = (int) Math.min(uleb(), Integer.MAX_VALUE);
            }
            int a = plan.find(code);
            if (a < 0) {
                throw bad(offset, "no abbreviation " + code);
            }
            int owner = entry(plan, a, offset, stack[depth]);
            if (plan.parent[a] && owner != PRUNED) {
                if (++depth == stack.length) {
                    stack = Arrays.copyOf(stack, 2 * depth);
                }
                stack[depth] = owner;
            }
        }
        if (at > end) {
            throw bad(end, "an entry of the unit at 0x" + Integer.toHexString(unit.start) + " runs past its end");
        }
    }

    /// Owners that are no entry: nothing below is wanted but types; all below was passed over.
    private static final int NOBODY = -1;
    private static final int PRUNED = -2;
    /// A unit itself; and, from here on downwards, a part of an entry: nothing below is wanted but its annotations.
    private static final int TOP = -3;
    private static final int PART_OF = -4;

    /// Reads an entry.
    ///
    /// @param owner the entry that it is a part of
    /// @return what its children are parts of
    private int entry(EntryPlan plan, int a, int offset, int owner) {
        byte what = plan.what[a];
        switch (what) {
            case EntryPlan.TYPE -> {
                run(plan, a);
                return type(plan.tag(a), plan.fills[a], offset);
            }
            case EntryPlan.PART -> {
                boolean below = owner <= PART_OF && plan.tag(a) == DW_TAG_LLVM_annotation;
                if (owner < 0 && !below) {
                    skip(plan, a);
                    return NOBODY;
                }
                run(plan, a);
                int of = below ? PART_OF - owner : owner;
                part(plan.tag(a), plan.fills[a], offset, of, below);
                return PART_OF - of;
            }
            case EntryPlan.FUNCTION -> {
                run(plan, a);
                return function(plan.fills[a], offset);
            }
            case EntryPlan.VARIABLE -> {
                if ((plan.fills[a] & 1 << EntryPlan.LOCATION) == 0) {
                    skip(plan, a);
                } else {
                    run(plan, a);
                    return variable(plan.fills[a], offset, owner != TOP);
                }
                return NOBODY;
            }
            case EntryPlan.PRUNED -> {
                if (plan.parent[a] && (plan.fills[a] & 1 << EntryPlan.SIBLING) != 0) {
                    run(plan, a);
                    jump(registers[EntryPlan.SIBLING], offset);
                    return PRUNED;
                }
                skip(plan, a);
                return NOBODY;
            }
            case EntryPlan.UNIT -> {
                run(plan, a);
                unit(plan.fills[a]);
                return TOP;
            }
            case EntryPlan.UNSPECIFIED_PARAMETERS -> {
                skip(plan, a);
                if (owner >= 0) {
                    entries.flags[owner] |= TypeEntries.VARIADIC;
                }
                return NOBODY;
            }
            default -> {
                skip(plan, a);
                return NOBODY;
            }
        }
    }

    private void jump(long to, int from) {
        if (to <= from || to > unit.end) {
            throw bad(from, "the next entry is at 0x" + Long.toHexString(to) + ", outside of the unit");
        }
        at = (int) to;
    }

    private void unit(int fills) {
        if ((fills & 1 << EntryPlan.LANGUAGE) != 0) {
            entries.language = (int) registers[EntryPlan.LANGUAGE];
        }
        if ((fills & 1 << EntryPlan.STR_OFFSETS_BASE) != 0) {
            unit.stringOffsetsBase = registers[EntryPlan.STR_OFFSETS_BASE];
        }
        if ((fills & 1 << EntryPlan.ADDR_BASE) != 0) {
            unit.addressBase = registers[EntryPlan.ADDR_BASE];
        }
        if ((fills & 1 << EntryPlan.LOCLISTS_BASE) != 0) {
            unit.locationsBase = registers[EntryPlan.LOCLISTS_BASE];
        }
    }

    private int type(int tag, int fills, int offset) {
        int e = entries.add(offset);
        entries.kind[e] = kind(tag);
        entries.name[e] = (fills & 1 << EntryPlan.NAME) != 0 ? (int) registers[EntryPlan.NAME] : TypeEntries.NO_NAME;
        entries.ref[e] = (fills & 1 << EntryPlan.TYPE_REF) != 0 ? (int) registers[EntryPlan.TYPE_REF] : TypeEntries.NO_REF;
        entries.size[e] = (fills & 1 << EntryPlan.SIZE) != 0 ? registers[EntryPlan.SIZE] : -1;
        int flags = 0;
        if ((fills & (1 << EntryPlan.DECLARATION | 1 << EntryPlan.ENCODING)) != 0) {
            flags = (fills & 1 << EntryPlan.DECLARATION) != 0 && registers[EntryPlan.DECLARATION] != 0 ? TypeEntries.DECLARATION : 0;
            flags |= (fills & 1 << EntryPlan.ENCODING) != 0 ? ((int) registers[EntryPlan.ENCODING] & 0xff) << TypeEntries.ENCODING_SHIFT : 0;
        }
        entries.flags[e] = flags;
        entries.origin[e] = TypeEntries.NO_REF;
        if ((fills & 1 << EntryPlan.SIGNATURE) != 0 && registers[EntryPlan.SIGNATURE] >= 0) {
            entries.kind[e] = TypeEntries.ATOMIC; // stands for the type of a type unit
            entries.ref[e] = (int) registers[EntryPlan.SIGNATURE];
        }
        return e;
    }

    private static byte kind(int tag) {
        return switch (tag) {
            case DW_TAG_base_type -> TypeEntries.BASE;
            case DW_TAG_pointer_type -> TypeEntries.POINTER;
            case DW_TAG_array_type -> TypeEntries.ARRAY;
            case DW_TAG_structure_type, DW_TAG_class_type -> TypeEntries.STRUCT;
            case DW_TAG_union_type -> TypeEntries.UNION;
            case DW_TAG_enumeration_type -> TypeEntries.ENUM;
            case DW_TAG_typedef -> TypeEntries.TYPEDEF;
            case DW_TAG_volatile_type -> TypeEntries.VOLATILE;
            case DW_TAG_const_type -> TypeEntries.CONST;
            case DW_TAG_restrict_type -> TypeEntries.RESTRICT;
            case DW_TAG_subroutine_type -> TypeEntries.PROTOTYPE;
            case DW_TAG_unspecified_type -> TypeEntries.UNSPECIFIED;
            case DW_TAG_atomic_type -> TypeEntries.ATOMIC;
            default -> TypeEntries.FOREIGN;
        };
    }

    private void part(int tag, int fills, int offset, int owner, boolean below) {
        byte kind = switch (tag) {
            case DW_TAG_member, DW_TAG_inheritance -> TypeEntries.MEMBER;
            case DW_TAG_enumerator -> TypeEntries.ENUMERATOR;
            case DW_TAG_formal_parameter -> TypeEntries.PARAMETER;
            case DW_TAG_subrange_type -> TypeEntries.BOUND;
            default -> below ? TypeEntries.PART_ANNOTATION : TypeEntries.ANNOTATION;
        };
        int p = entries.addPart(owner);
        entries.partKind[p] = kind;
        entries.partOffset[p] = offset;
        entries.partName[p] = (fills & 1 << EntryPlan.NAME) != 0 ? (int) registers[EntryPlan.NAME] : TypeEntries.NO_NAME;
        entries.partRef[p] = (fills & 1 << EntryPlan.TYPE_REF) != 0 ? (int) registers[EntryPlan.TYPE_REF] : TypeEntries.NO_REF;
        switch (kind) {
            case TypeEntries.MEMBER -> member(p, fills, offset);
            case TypeEntries.ENUMERATOR -> entries.partValue[p] = (fills & 1 << EntryPlan.CONST_VALUE) != 0 ? registers[EntryPlan.CONST_VALUE] : 0;
            case TypeEntries.ANNOTATION, TypeEntries.PART_ANNOTATION -> {
                entries.partValue[p] = (fills & 1 << EntryPlan.CONST_VALUE) != 0 ? registers[EntryPlan.CONST_VALUE] : TypeEntries.NO_NAME;
                entries.flags[owner] |= TypeEntries.ANNOTATED;
            }
            case TypeEntries.BOUND -> entries.partValue[p] = (fills & 1 << EntryPlan.UPPER_BOUND) != 0 ? registers[EntryPlan.UPPER_BOUND] + 1
                    : (fills & 1 << EntryPlan.NO_BOUND) == 0 && (fills & 1 << EntryPlan.COUNT) != 0 ? registers[EntryPlan.COUNT] : 0;
            default -> {
                entries.partValue[p] = (fills & 1 << EntryPlan.ORIGIN) != 0 ? registers[EntryPlan.ORIGIN] : TypeEntries.NO_REF;
                location(p, fills);
            }
        }
    }

    private void location(int p, int fills) {
        entries.partFlags[p] = 0;
        if ((fills & 1 << EntryPlan.LOCATION) != 0) {
            entries.partFlags[p] = TypeEntries.EXPRESSION;
            entries.partSize[p] = (int) registers[EntryPlan.LOCATION];
            entries.partBits[p] = (int) (registers[EntryPlan.LOCATION] >>> 32);
        } else if ((fills & 1 << EntryPlan.LOCATION_LIST) != 0) {
            entries.partFlags[p] = TypeEntries.LIST;
            entries.partSize[p] = (int) Math.min(registers[EntryPlan.LOCATION_LIST] & Long.MAX_VALUE, Integer.MAX_VALUE);
        } else if ((fills & 1 << EntryPlan.LOCATION_INDEX) != 0) {
            entries.partFlags[p] = TypeEntries.INDEX;
            entries.partSize[p] = (int) Math.min(registers[EntryPlan.LOCATION_INDEX] & Long.MAX_VALUE, Integer.MAX_VALUE);
        }
    }

    /// In which register a parameter is when its function is entered, as far as that can be told: the one it is in at first, or one
    /// whose value at the entry is said to be its value later.
    ///
    /// @param expected the register where the ABI has it
    /// @return `expected`, if any of its locations says so; else another register, the last one found; [#NO_REGISTER] if there is
    ///         none; [#NO_LOCATION] if it does not say where it is
    public int register(TypeEntries e, int parameter, int expected) {
        int flags = e.partFlags[parameter];
        if (flags == 0) {
            return NO_LOCATION;
        }
        var found = new Locations(sections, unitOf(e.partOffset[parameter]), expected);
        if (flags == TypeEntries.EXPRESSION) {
            found.expression(section, e.partSize[parameter], e.partBits[parameter]);
        } else {
            found.list(e.partSize[parameter], flags == TypeEntries.INDEX);
        }
        return found.register();
    }

    /// e_machine of the object.
    public int machine() {
        return file.machine();
    }

    /// Bytes of a pointer, in the unit read last.
    public int addressSize() {
        return unit.addressSize;
    }

    public static final int NO_REGISTER = -1;
    public static final int NO_LOCATION = -2;

    private void member(int p, int fills, int offset) {
        int flags = 0;
        long value = 0;
        if ((fills & 1 << EntryPlan.DATA_BIT_OFFSET) != 0) {
            value = registers[EntryPlan.DATA_BIT_OFFSET];
            flags = TypeEntries.HAS_BIT_OFFSET;
        } else if ((fills & 1 << EntryPlan.MEMBER_LOCATION) != 0) {
            value = registers[EntryPlan.MEMBER_LOCATION];
            flags = TypeEntries.HAS_LOCATION;
        } else if ((fills & 1 << EntryPlan.MEMBER_BLOCK) != 0) {
            value = constant(registers[EntryPlan.MEMBER_BLOCK], offset);
            flags = TypeEntries.HAS_LOCATION;
        }
        if (unit.big && flags != TypeEntries.HAS_BIT_OFFSET && (fills & 1 << EntryPlan.BIT_OFFSET) != 0) {
            value = value * 8 + registers[EntryPlan.BIT_OFFSET]; // the highest bit, from which it counts, is the first one there
            flags = TypeEntries.HAS_BIT_OFFSET;
        }
        entries.partValue[p] = value;
        entries.partFlags[p] = flags;
        entries.partBits[p] = (fills & 1 << EntryPlan.BIT_SIZE) != 0 ? (int) registers[EntryPlan.BIT_SIZE] : 0;
        if (entries.partBits[p] != 0) {
            entries.partHighBit[p] = (fills & 1 << EntryPlan.BIT_OFFSET) != 0 ? (int) registers[EntryPlan.BIT_OFFSET] : 0;
            entries.partSize[p] = (fills & 1 << EntryPlan.SIZE) != 0 ? (int) registers[EntryPlan.SIZE] : 0;
        }
    }

    /// A member's offset, given as an expression: DWARF 2 and 3.
    private long constant(long block, int offset) {
        int back = at;
        at = (int) block;
        int op = (block >>> 32) == 0 ? 0 : info[at++] & 0xff;
        if (op != DW_OP_plus_uconst && op != DW_OP_constu) {
            throw bad(offset, "a member's offset that is no constant");
        }
        long value = uleb();
        at = back;
        return value;
    }

    private int function(int fills, int offset) {
        boolean declared = (fills & 1 << EntryPlan.DECLARATION) != 0 && registers[EntryPlan.DECLARATION] != 0;
        int e = type(DW_TAG_subroutine_type, fills, offset);
        entries.kind[e] = TypeEntries.FUNCTION;
        link(e, fills);
        return declared ? NOBODY : e;
    }

    private void link(int e, int fills) {
        if ((fills & 1 << EntryPlan.EXTERNAL) != 0 && registers[EntryPlan.EXTERNAL] != 0) {
            entries.flags[e] |= TypeEntries.EXTERNAL;
        }
        if ((fills & 1 << EntryPlan.ORIGIN) != 0) {
            entries.origin[e] = (int) registers[EntryPlan.ORIGIN];
            entries.flags[e] |= TypeEntries.HAS_ORIGIN;
        } else if ((fills & 1 << EntryPlan.SPECIFICATION) != 0) {
            entries.origin[e] = (int) registers[EntryPlan.SPECIFICATION];
            entries.flags[e] |= TypeEntries.HAS_SPECIFICATION;
        }
    }

    /// Notes a variable that stands at a fixed address.
    private int variable(int fills, int offset, boolean local) {
        long block = registers[EntryPlan.LOCATION];
        int where = (int) block;
        int op = block >>> 32 == 0 ? 0 : info[where] & 0xff;
        if (op != DW_OP_addr && op != DW_OP_addrx) {
            return NOBODY;
        }
        int e = type(DW_TAG_variable, fills, offset);
        entries.kind[e] = TypeEntries.VARIABLE;
        entries.size[e] = where;
        entries.flags[e] |= local ? TypeEntries.LOCAL : 0;
        entries.flags[e] |= (fills & 1 << EntryPlan.ARTIFICIAL) != 0 && registers[EntryPlan.ARTIFICIAL] != 0 ? TypeEntries.ARTIFICIAL : 0;
        link(e, fills);
        return e;
    }

    private void skip(EntryPlan plan, int a) {
        int fixed = plan.fixed[a];
        if (fixed >= 0) {
            at += fixed;
        } else {
            run(plan, a);
        }
    }

    @Override
    public long nameHash(int name) {
        return names.hash(name >>> SPACE_SHIFT, name & SPACE);
    }

    /// The hash of a name in any other place.
    public static long hash(byte[] bytes, int at) {
        return NameHashes.of(bytes, at);
    }

    @Override
    public byte[] nameBytes(int name) {
        return names.bytes(name >>> SPACE_SHIFT);
    }

    @Override
    public int nameOffset(int name) {
        return name & SPACE;
    }

    /// Where a variable stands, whose [TypeEntries#size] tells where its address is.
    ///
    /// @return in a relocatable object, its section in the upper half and the offset there in the lower; in a finished image
    ///         its address. -1 if that cannot be
    public long address(TypeEntries e, int variable) {
        var c = new Cursor(section, (int) e.size[variable]);
        int op = c.u8();
        Unit u = unitOf(e.offset[variable]);
        Address a = op == DW_OP_addr ? u.address(c) : u.indexed(c.uleb());
        if (!file.isRelocatable()) {
            return a.offset();
        }
        return a.section() == 0 || a.offset() < 0 || a.offset() > 0xffff_ffffL ? -1 : (long) a.section() << 32 | a.offset();
    }

    /// Adds to a variable what its other entry ([TypeEntries#origin]) says of it: name, type, whether it is external; and
    /// where the rest is said. The type is the one that was declared, though the variable may say more: how many elements an array has.
    public void follow(TypeEntries e, int variable) {
        int offset = e.origin[variable];
        unit = unitOf(offset);
        EntryPlan plan = plan(unit);
        var c = new Cursor(section, offset);
        int a = plan.find(c.index());
        if (a < 0 || plan.what[a] != EntryPlan.VARIABLE) {
            throw bad(offset, "no variable");
        }
        at = c.at();
        run(plan, a);
        int fills = plan.fills[a];
        if (e.name[variable] == TypeEntries.NO_NAME && (fills & 1 << EntryPlan.NAME) != 0) {
            e.name[variable] = (int) registers[EntryPlan.NAME];
        }
        boolean declared = (e.flags[variable] & TypeEntries.HAS_SPECIFICATION) != 0;
        if ((declared || e.ref[variable] == TypeEntries.NO_REF) && (fills & 1 << EntryPlan.TYPE_REF) != 0) {
            e.ref[variable] = (int) registers[EntryPlan.TYPE_REF];
        }
        e.origin[variable] = TypeEntries.NO_REF;
        link(variable, fills);
    }

    private Unit unitOf(int offset) {
        for (Unit u : group) {
            if (offset >= u.start && offset < u.end) {
                return u;
            }
        }
        throw bad(offset, "an entry outside of the unit");
    }
}
