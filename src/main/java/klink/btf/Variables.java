package klink.btf;

import klink.dwarf.TypeEntries;
import klink.dwarf.TypeNames;
import klink.dwarf.TypeReader;
import klink.mem.IntList;
import klink.mem.LongList;

/// Variables at fixed addresses, as one worker found them in its units, in their order: those that pahole would look at.
///
/// pahole 1.24 knows a variable by the symbol that has its address, and takes name and size from that. 1.28 and later go by debug information alone:
/// what functions declare is left out, names and sizes are the source's. Neither takes a variable whose type has no size, as that of an array whose
/// first declaration does not say how many elements it has.
final class Variables {
    private static final int DEEPEST = 64;
    private static final int ORIGINS = 4;
    /// What the kernel's macros make up so that something is kept or found: pahole leaves out what begins so.
    private static final String[] MADE_UP = {"__UNIQUE_ID", "__tpstrtab_", "__exitcall_", "__func_stack_frame_non_standard_"};
    /// As in the kernel: KSYM_NAME_LEN.
    private static final int LONGEST = 128;

    final IntList file = new IntList();
    /// As [TypeReader#address] says it.
    final LongList address = new LongList();
    final IntList unit = new IntList();
    /// Key of the type.
    final LongList type = new LongList();
    /// Hash of the name that the entry with the address has; or, for a recent pahole, of the one that it gets from the entry that declares it.
    final LongList nameHash = new LongList();
    final IntList external = new IntList();
    /// For a recent pahole: the name; bytes.
    final IntList name = new IntList();
    final IntList size = new IntList();

    private final boolean isRecent;

    Variables(boolean isRecent) {
        this.isRecent = isRecent;
    }

    int count() {
        return file.size();
    }

    /// Takes in an entry, all but its type.
    ///
    /// @return whether it is one
    boolean take(TypeReader reader, TypeEntries e, int i, int fromFile, int fromUnit, UnitShapes.Wanted wanted, Names names) {
        if ((e.flags[i] & TypeEntries.DECLARATION) != 0 || isRecent && (e.flags[i] & (TypeEntries.LOCAL | TypeEntries.ARTIFICIAL)) != 0) {
            return false;
        }
        long at = reader.address(e, i);
        if (at == -1 || !wanted.holds(at)) {
            return false;
        }
        int own = e.name[i];
        for (int n = 0; e.origin[i] != TypeEntries.NO_REF && n < ORIGINS; n++) {
            reader.follow(e, i);
        }
        if (e.ref[i] == TypeEntries.NO_REF) {
            return false;
        }
        int known = isRecent ? e.name[i] : own;
        long bytes = size(e, e.ref[i], reader.addressSize(), 0);
        if (bytes <= 0 || bytes > 0xffff_ffffL) {
            return false;
        }
        if (isRecent) {
            if (known == TypeEntries.NO_NAME || !isTaken(reader.nameBytes(known), reader.nameOffset(known))) {
                return false;
            }
            name.add(names.intern(reader.nameHash(known), reader.nameBytes(known), reader.nameOffset(known)));
            size.add((int) bytes);
        }
        file.add(fromFile);
        address.add(at);
        unit.add(fromUnit);
        nameHash.add(known == TypeEntries.NO_NAME ? 0 : reader.nameHash(known));
        external.add((e.flags[i] & TypeEntries.EXTERNAL) != 0 ? 1 : 0);
        return true;
    }

    /// Whether a name can stand in BTF (btf_name_valid in the kernel), and was not made up.
    private static boolean isTaken(byte[] b, int at) {
        int n = 0;
        for (; b[at + n] != 0; n++) {
            byte c = b[at + n];
            boolean letter = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || c == '.';
            if (!letter && (n == 0 || c < '0' || c > '9')) {
                return false;
            }
        }
        for (String s : MADE_UP) {
            if (begins(b, at, s)) {
                return false;
            }
        }
        return n > 0 && n < LONGEST;
    }

    private static boolean begins(byte[] b, int at, String with) {
        for (int i = 0; i < with.length(); i++) {
            if (b[at + i] != with.charAt(i)) {
                return false; // a shorter name ends with a NUL, which is no letter of it
            }
        }
        return true;
    }

    /// Bytes of a type; 0 if it does not say.
    private static long size(TypeEntries e, int offset, int pointer, int depth) {
        int i = offset == TypeEntries.NO_REF ? -1 : e.find(offset);
        if (i < 0 || depth > DEEPEST) {
            return 0;
        }
        return switch (e.kind[i]) {
            case TypeEntries.POINTER -> pointer;
            case TypeEntries.ARRAY -> {
                long n = size(e, e.ref[i], pointer, depth + 1);
                for (int p = e.firstPart[i]; p >= 0; p = e.nextPart[p]) {
                    n *= e.partKind[p] == TypeEntries.BOUND ? e.partValue[p] & 0xffff_ffffL : 1;
                }
                yield n;
            }
            case TypeEntries.TYPEDEF, TypeEntries.CONST, TypeEntries.VOLATILE, TypeEntries.RESTRICT, TypeEntries.ATOMIC -> size(e, e.ref[i], pointer, depth + 1);
            default -> Math.max(0, e.size[i]);
        };
    }
}
