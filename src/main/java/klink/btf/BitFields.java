package klink.btf;

import klink.dwarf.TypeEntries;

/// Where members of structs are, in bits, as BTF counts them: from the start.
final class BitFields {
    /// Names and qualifiers in a row that no program has.
    private static final int DEEPEST = 800;

    private BitFields() {}

    /// A member's bit offset, and in the upper half the size of a bit-field. DWARF 2 to 4 count a bit-field's offset from the
    /// highest bit of its unit of storage (DWARF 4, 5.5.6).
    static long place(TypeEntries e, int part) {
        int bits = e.partBits[part];
        if ((e.partFlags[part] & TypeEntries.HAS_BIT_OFFSET) != 0) {
            return e.partValue[part] & 0xffff_ffffL | (long) bits << 32;
        }
        long at = e.partValue[part] * 8;
        if (bits != 0) {
            long storage = e.partSize[part] != 0 ? e.partSize[part] : storage(e, e.partRef[part]);
            at = storage == 0 ? at : at + storage * 8 - e.partHighBit[part] - bits;
        }
        return at & 0xffff_ffffL | (long) bits << 32;
    }

    /// Bytes of the type of a bit-field.
    private static long storage(TypeEntries e, int offset) {
        for (int i = e.find(offset), n = 0; i >= 0 && n < DEEPEST; i = e.find(e.ref[i]), n++) {
            byte kind = e.kind[i];
            if (kind != TypeEntries.TYPEDEF && kind != TypeEntries.CONST && kind != TypeEntries.VOLATILE && kind != TypeEntries.ATOMIC) {
                return Math.max(0, e.size[i]);
            }
        }
        return 0;
    }
}
