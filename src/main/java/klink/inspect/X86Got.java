package klink.inspect;

import klink.mem.LE;

/// A load through the global offset table of x86-64: either the slot holds S, or the linker rewrote the instruction to use S
/// itself (psABI appendix B.2). The opcode before the field tells which.
final class X86Got {
    private X86Got() {}

    /// Whether the site at `at` comes to S; what the instruction must then look like is put into `in`, to be compared with
    /// the rest of the section.
    /// @param rex whether a REX prefix stands before the opcode
    static boolean agrees(RelocationAudit audit, byte[] in, byte[] found, int at, long s, long a, long p, boolean rex) {
        if (at < 3) {
            return false;
        }
        long direct = s + a - p;
        long field = LE.i32(found, at);
        int was = in[at - 2] & 0xff;
        int op = found[at - 2] & 0xff;
        int reg = in[at - 1] >> 3 & 7;
        if (op == was && found[at - 1] == in[at - 1]) {
            return audit.word(p + field - a) == s;
        } else if (was == 0x8b && op == 0x8d) {
            in[at - 2] = (byte) op;
            return field == direct;
        } else if (was == 0xff && (op == 0x67 || op == 0x90)) {
            opcode(in, at, op, 0xe8);
            return field == direct;
        } else if (was == 0xff && (op == 0xe9 || op == 0xe8)) {
            // The shorter branch starts where the longer one did, and a nop fills up.
            boolean ok = LE.i32(found, at - 1) == direct + 1 && found[at + 3] == (byte) 0x90 && op == (in[at - 1] == 0x25 ? 0xe9 : 0xe8);
            System.arraycopy(found, at - 2, in, at - 2, 6);
            return ok;
        } else if (op == 0xc7 || op == 0xf7 || op == 0x81) {
            opcode(in, at, op, 0xc0 | (op == 0x81 ? was & 0x38 : 0) | reg);
            if (rex) {
                // The register moves from modrm.reg to modrm.rm, its fourth bit from REX.R to REX.B.
                in[at - 3] = (byte) (in[at - 3] & ~4 | in[at - 3] >> 2 & 1);
            }
            return op == (was == 0x8b ? 0xc7 : was == 0x85 ? 0xf7 : 0x81) && field == s + a + 4;
        }
        return false;
    }

    private static void opcode(byte[] in, int at, int first, int second) {
        in[at - 2] = (byte) first;
        in[at - 1] = (byte) second;
    }
}
