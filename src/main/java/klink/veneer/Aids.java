package klink.veneer;

import klink.arch.Machine;
import klink.input.ObjectFile;
import klink.mem.LE;
import klink.resolve.Symbols;

/// What veneers need that the linker makes, where a machine's need any.
///
/// Functions that save and restore registers are entered with addresses in registers that a veneer would change (ELF V2 ABI, "Register Saving and Restoring Functions"), so what
/// stands in reach of a far call is a copy of them; GNU ld does the same.
///
/// @param table    id of the section that words for veneers go to; -1 if there is none
/// @param copied   the file of those functions; -1 if there is none
/// @param code     their bytes
public record Aids(int table, int copied, byte[] code) {
    public static final Aids NONE = new Aids(-1, -1, new byte[0]);
    private static final int BLR = 0x4e80_0020;

    /// Whether a symbol, as [Branches#SYMBOL] has it, is copied.
    boolean isCopied(long symbol) {
        return copied >= 0 && symbol >>> 32 == copied;
    }

    /// The kind of a veneer that is a copy of a function, up to the return that it runs into.
    int kind(ObjectFile file, long symbol) {
        int from = (int) file.symbolValue((int) symbol);
        int to = from;
        while (to + 4 < code.length && LE.i32(code, to) != BLR) {
            to += 4;
        }
        return Machine.COPY | (to + 4 - from) / 4;
    }

    /// Writes a copy.
    void write(Symbols symbols, long symbol, int kind, byte[] out, int at) {
        System.arraycopy(code, (int) symbols.file(copied).symbolValue((int) symbol), out, at, Machine.copySize(kind));
    }
}
