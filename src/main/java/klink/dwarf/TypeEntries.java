package klink.dwarf;

import java.util.Arrays;
import klink.mem.IntList;

/// The types, functions and variables of one unit, as parallel arrays: what [TypeReader] found, before anyone has made
/// sense of it. Arrays are reused from unit to unit. A unit of a kernel object has 4,000 entries with 20,000 parts.
///
/// References are offsets in `.debug_info`, or -1; names are what [TypeReader#nameHash] takes, or [#NO_NAME].
public final class TypeEntries {
    public static final int NO_NAME = -1;
    public static final int NO_REF = -1;

    /// What an entry is.
    public static final byte BASE = 1;
    public static final byte POINTER = 2;
    public static final byte ARRAY = 3;
    public static final byte STRUCT = 4;
    public static final byte UNION = 5;
    public static final byte ENUM = 6;
    public static final byte TYPEDEF = 7;
    public static final byte VOLATILE = 8;
    public static final byte CONST = 9;
    public static final byte RESTRICT = 10;
    public static final byte PROTOTYPE = 11;
    public static final byte FUNCTION = 12;
    public static final byte VARIABLE = 13;
    /// As void.
    public static final byte UNSPECIFIED = 14;
    /// As what it refers to.
    public static final byte ATOMIC = 15;
    /// A type that C does not have.
    public static final byte FOREIGN = 16;
    /// Clang's tag of a type: only in types that were made before, as debug information has it as a part of the pointer.
    public static final byte TYPE_TAG = 17;

    public static final int DECLARATION = 1;
    public static final int EXTERNAL = 2;
    /// A function that takes more than it names.
    public static final int VARIADIC = 4;
    public static final int HAS_ORIGIN = 8;
    public static final int HAS_SPECIFICATION = 16;
    /// A variable that a function declares; one that the compiler made up.
    public static final int LOCAL = 32;
    public static final int ARTIFICIAL = 64;
    /// It or one of its parts has an annotation.
    public static final int ANNOTATED = 128;
    /// Base types: DW_ATE_*, from this bit on.
    public static final int ENCODING_SHIFT = 8;

    /// What a part of an entry is: a member, an enumerator, a parameter, a bound, an annotation of the entry; an annotation of the member or
    /// parameter that was added before it.
    public static final byte MEMBER = 1;
    public static final byte ENUMERATOR = 2;
    public static final byte PARAMETER = 3;
    public static final byte BOUND = 4;
    public static final byte ANNOTATION = 5;
    public static final byte PART_ANNOTATION = 6;

    /// Of a member.
    public static final int HAS_BIT_OFFSET = 1;
    public static final int HAS_LOCATION = 2;
    /// Of a parameter: how it says where it is. `partSize` is where in `.debug_info` the expression stands, of `partBits` bytes; or an
    /// offset in the section of location lists; or an index there.
    static final int EXPRESSION = 4;
    static final int LIST = 8;
    static final int INDEX = 16;

    public int count;
    /// Where each entry stands in `.debug_info`; ascending.
    public int[] offset = new int[1 << 12];
    public byte[] kind = new byte[1 << 12];
    public int[] name = new int[1 << 12];
    public int[] ref = new int[1 << 12];
    public int[] flags = new int[1 << 12];
    /// Bytes of a type, -1 if it does not say; of a variable, where in `.debug_info` its address stands.
    public long[] size = new long[1 << 12];
    /// A function's or variable's other entry, with what it does not say itself.
    public int[] origin = new int[1 << 12];
    public int[] firstPart = new int[1 << 12];
    public int[] lastPart = new int[1 << 12];

    public int parts;
    public byte[] partKind = new byte[1 << 14];
    public int[] partOffset = new int[1 << 14];
    public int[] partName = new int[1 << 14];
    public int[] partRef = new int[1 << 14];
    /// Offset of a member in bytes, or in bits with HAS_BIT_OFFSET; an enumerator's value; elements of a dimension.
    public long[] partValue = new long[1 << 14];
    public int[] partBits = new int[1 << 14];
    /// Of a bit-field in DWARF 2 to 4: where it stands in its unit of storage, counted from the highest bit, and that unit's bytes.
    public int[] partHighBit = new int[1 << 14];
    public int[] partSize = new int[1 << 14];
    public int[] partFlags = new int[1 << 14];
    public int[] nextPart = new int[1 << 14];

    /// DW_LANG_* of the unit, 0 if it does not say.
    public int language;

    /// By offset in `.debug_info`: an index, valid if that entry has that offset. So it need not be cleared for the next unit.
    /// None for an image with the units of a whole kernel, where it would be larger than all else.
    private int[] slots = new int[0];
    private static final int SLOTS = 64 << 20;

    /// @param length all offsets are less: that of `.debug_info`
    public void open(int length) {
        if (length > SLOTS) {
            slots = new int[0];
        } else if (slots.length < length) {
            slots = new int[length + length / 2];
        }
    }

    public void clear() {
        count = 0;
        parts = 0;
        language = 0;
    }

    /// Adds an entry.
    ///
    /// @param at its offset, larger than all before
    public int add(int at) {
        if (count == offset.length) {
            int n = count * 2;
            offset = Arrays.copyOf(offset, n);
            kind = Arrays.copyOf(kind, n);
            name = Arrays.copyOf(name, n);
            ref = Arrays.copyOf(ref, n);
            flags = Arrays.copyOf(flags, n);
            size = Arrays.copyOf(size, n);
            origin = Arrays.copyOf(origin, n);
            firstPart = Arrays.copyOf(firstPart, n);
            lastPart = Arrays.copyOf(lastPart, n);
        }
        offset[count] = at;
        if (at < slots.length) {
            slots[at] = count;
        }
        firstPart[count] = -1;
        lastPart[count] = -1;
        return count++;
    }

    /// Adds a part to an entry.
    public int addPart(int owner) {
        if (parts == partKind.length) {
            int n = parts * 2;
            partKind = Arrays.copyOf(partKind, n);
            partOffset = Arrays.copyOf(partOffset, n);
            partName = Arrays.copyOf(partName, n);
            partRef = Arrays.copyOf(partRef, n);
            partValue = Arrays.copyOf(partValue, n);
            partBits = Arrays.copyOf(partBits, n);
            partHighBit = Arrays.copyOf(partHighBit, n);
            partSize = Arrays.copyOf(partSize, n);
            partFlags = Arrays.copyOf(partFlags, n);
            nextPart = Arrays.copyOf(nextPart, n);
        }
        int p = parts++;
        nextPart[p] = -1;
        if (lastPart[owner] < 0) {
            firstPart[owner] = p;
        } else {
            nextPart[lastPart[owner]] = p;
        }
        lastPart[owner] = p;
        return p;
    }

    /// Puts the members of structs in the order of their offsets: Rust's compiler moves them, and lists them as they were declared.
    public void sortMembers() {
        for (int i = 0; i < count; i++) {
            if (kind[i] == STRUCT) {
                sortMembers(i);
            }
        }
    }

    /// What is at the same place keeps its order, and so does what is no member. More members than BTF can say are left as they are.
    private void sortMembers(int i) {
        var all = new IntList();
        var members = new IntList();
        for (int p = firstPart[i]; p >= 0; p = nextPart[p]) {
            all.add(p);
            if (partKind[p] == MEMBER) {
                members.add(p);
            }
        }
        if (members.size() < 2 || members.size() > 0xffff) {
            return;
        }
        var keys = new long[members.size()];
        for (int n = 0; n < keys.length; n++) {
            keys[n] = partValue[members.get(n)] << Short.SIZE | n;
        }
        Arrays.sort(keys);
        int n = 0;
        for (int k = 0; k < all.size(); k++) {
            if (partKind[all.get(k)] == MEMBER) {
                all.set(k, members.get((int) keys[n++] & 0xffff));
            }
        }
        firstPart[i] = all.get(0);
        for (int k = 0; k < all.size(); k++) {
            nextPart[all.get(k)] = k + 1 < all.size() ? all.get(k + 1) : -1;
        }
        lastPart[i] = all.get(all.size() - 1);
    }

    /// The entry at an offset of `.debug_info`, or -1.
    public int find(int at) {
        if (at < slots.length) {
            int e = at < 0 ? -1 : slots[at];
            return e >= 0 && e < count && offset[e] == at ? e : -1;
        }
        int low = 0;
        int high = count - 1;
        while (low <= high) {
            int middle = low + high >>> 1;
            int value = offset[middle];
            if (value == at) {
                return middle;
            }
            if (value < at) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -1;
    }
}
