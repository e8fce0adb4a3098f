package klink.inspect;

import klink.mem.LE;

/// What a linker may do to AArch64 instructions beyond filling in fields, taken back: the audit then compares as if it
/// had not been done. Each rewriting is followed, not trusted; what does not come to the same stays as it was found.
///
///     bl far                 bl veneer: adrp, add, br; ldr, br; or ldr, adr, add, br         out of reach
///     ldr x, [y, #n]         b patch: ldr x, [y, #n]; b back                                 Cortex-A53 erratum 843419
///     adrp x, page           adr x, page                                                     the same erratum
///     adrp x, p; add x, x    nop; adr x, target                                              ld.lld, target near
///     bl weak                nop                                                             nothing defines it
final class Arm64Code {
    static final int NOP = 0xd503201f;
    private static final int ADR = 0x10000000;
    private static final int ADRP = 0x90000000;
    private static final int ADR_MASK = 0x9f000000;
    private static final int B = 0x14000000;
    private static final int BL = 0x94000000;
    private static final int BRANCH_MASK = 0xfc000000;
    private static final int ADD_IMMEDIATE = 0x91000000;
    private static final int LDR_UNSIGNED = 0xf9400000;
    private static final int WIDE_MASK = 0xffc00000;
    /// The longest veneer of any linker has four instructions and a word.
    private static final int STEPS = 6;

    private final RelocationAudit audit;

    Arm64Code(RelocationAudit audit) {
        this.audit = audit;
    }

    /// Takes back what was done to the instruction at `at`, if that is one of the rewritings; `found` then holds what was
    /// meant. False if nothing was.
    /// @param in the section as the object has it, at `at` not yet relocated
    boolean undo(byte[] in, byte[] found, int at, long p) {
        int was = LE.i32(in, at);
        int is = LE.i32(found, at);
        if ((was & ADR_MASK) == ADRP && (is & ADR_MASK) == ADR && (was & 31) == (is & 31)) {
            long page = p + adrOffset(is);
            if ((page & 0xfff) == 0) {
                LE.put32(found, at, adr(ADRP | is & 31, page - (p & -0x1000L) >> 12));
                return true;
            }
            return false;
        }
        if ((was & ADR_MASK) == ADRP && is == NOP && at <= in.length - 8) {
            return undoPair(in, found, at, p);
        }
        return (is & BRANCH_MASK) == B && (was & BRANCH_MASK) != B && undoPatch(found, at, p, p + branchOffset(is));
    }

    private static boolean undoPair(byte[] in, byte[] found, int at, long p) {
        int register = LE.i32(in, at) & 31;
        int second = LE.i32(in, at + 4);
        int adr = LE.i32(found, at + 4);
        boolean pair = ((second & WIDE_MASK) == ADD_IMMEDIATE || (second & WIDE_MASK) == LDR_UNSIGNED) && (second & 31) == register
                && (second >> 5 & 31) == register;
        if (!pair || (adr & ADR_MASK) != ADR || (adr & 31) != register) {
            return false;
        }
        long target = p + 4 + adrOffset(adr);
        LE.put32(found, at, adr(ADRP | register, (target & -0x1000L) - (p & -0x1000L) >> 12));
        LE.put32(found, at + 4, ADD_IMMEDIATE | register | register << 5 | (int) (target & 0xfff) << 10);
        return true;
    }

    private boolean undoPatch(byte[] found, int at, long p, long patch) {
        if (audit.isInWhole(patch)) {
            return false;
        }
        int back = audit.instruction(patch + 4);
        if ((back & BRANCH_MASK) != B || patch + 4 + branchOffset(back) != p + 4) {
            return false;
        }
        LE.put32(found, at, audit.instruction(patch));
        return true;
    }

    /// Whether a load through the table became an addition, as ld.lld makes of one whose target is near.
    static boolean isAddition(byte[] in, byte[] found, int at) {
        return (LE.i32(in, at) & WIDE_MASK) == LDR_UNSIGNED && (LE.i32(found, at) & WIDE_MASK) == ADD_IMMEDIATE
                && (LE.i32(found, at) & 0x3ff) == (LE.i32(in, at) & 0x3ff);
    }

    /// Whether the branch found at `p` leads to `target` by a veneer.
    boolean reaches(byte[] in, byte[] found, int at, long p, long target) {
        int was = LE.i32(in, at);
        int is = LE.i32(found, at);
        if ((was & BRANCH_MASK) != (is & BRANCH_MASK) || (is & BRANCH_MASK) != B && (is & BRANCH_MASK) != BL) {
            return false;
        }
        long veneer = p + branchOffset(is);
        return !audit.isInWhole(veneer) && follow(veneer) == target;
    }

    /// Where code at an address jumps to, using only the two registers that a veneer may change (AAPCS64: x16, x17); -1 if it
    /// does anything else.
    private long follow(long pc) {
        var x = new long[2];
        for (int i = 0; i < STEPS; i++, pc += 4) {
            int insn = audit.instruction(pc);
            int d = (insn & 31) - 16;
            int n = (insn >> 5 & 31) - 16;
            int m = (insn >> 16 & 31) - 16;
            if ((insn & BRANCH_MASK) == B) {
                return pc + branchOffset(insn);
            } else if ((insn & 0xfffffc1f) == 0xd61f0000 && isScratch(n)) { // br
                return x[n];
            } else if ((insn & 0xff000000) == 0x58000000 && isScratch(d)) { // ldr, literal
                x[d] = audit.word(pc + ((long) insn << 40 >> 45 << 2));
            } else if ((insn & ADR_MASK) == ADRP && isScratch(d)) {
                x[d] = (pc & -0x1000L) + (adrOffset(insn) << 12);
            } else if ((insn & ADR_MASK) == ADR && isScratch(d)) {
                x[d] = pc + adrOffset(insn);
            } else if ((insn & WIDE_MASK) == ADD_IMMEDIATE && isScratch(d) && isScratch(n)) {
                x[d] = x[n] + (insn >> 10 & 0xfff);
            } else if ((insn & 0xffe0fc00) == 0x8b000000 && isScratch(d) && isScratch(n) && isScratch(m)) { // add, registers
                x[d] = x[n] + x[m];
            } else if ((insn & 0xffffff3f) != 0xd503241f) { // bti
                return -1;
            }
        }
        return -1;
    }

    private static boolean isScratch(int register) {
        return register == 0 || register == 1;
    }

    private static long branchOffset(int insn) {
        return (long) insn << 38 >> 36;
    }

    private static long adrOffset(int insn) {
        return (long) (insn >>> 5 & 0x7_ffff) << 45 >> 43 | insn >>> 29 & 3;
    }

    private static int adr(int insn, long offset) {
        return insn | (int) (offset & 3) << 29 | (int) (offset >> 2 & 0x7_ffff) << 5;
    }
}
