package klink.arch;

import static klink.elf.Arm.*;

import klink.mem.LE;

/// Addends written back into the code that they stand in (SHT_REL; AAELF32, "Addends and PC-bias"): what `ld -r` does where it merges sections, as a
/// relocation against a section's symbol then counts from the start of the merged section. The inverse of [Machine#addend].
///
/// An addend is a distance from nowhere, so that the arithmetic of a relocation writes it. What takes a part of a value has a field of its own
/// for the addend: that of MOVT is the one of MOVW, and that of a further group of instructions is the first group's.
final class ArmAddends {
    /// Where a branch stands and where its target's section does: no branch reaches the end of memory from there.
    private static final long MIDDLE = 0x8000_0000L;

    private ArmAddends() {}

    /// @return false if the instruction has no room for it
    static boolean put(Arm arm, byte[] out, int at, int type, long a) {
        int encoding = encoding(type);
        long base = arm.reach(type) == 0 ? 0 : MIDDLE;
        boolean switches = type == R_ARM_CALL && LE.i32(out, at) >>> 25 == 0x7d;
        int result = arm.apply(out, at, encoding, switches ? base | THUMB : base, a, base);
        if (result == Machine.NEEDS_GOT || result == Machine.UNKNOWN) {
            LE.put32(out, at, (int) a);
        }
        int width = arm.width(type);
        return width == 0 || arm.addend(type, width == 4 ? LE.i32(out, at) : width == 2 ? LE.u16(out, at) : out[at] & 0xff) == a;
    }

    private static int encoding(int type) {
        return switch (type) {
            case R_ARM_MOVT_ABS, R_ARM_MOVW_PREL_NC, R_ARM_MOVT_PREL -> R_ARM_MOVW_ABS_NC;
            case R_ARM_THM_MOVT_ABS, R_ARM_THM_MOVW_PREL_NC, R_ARM_THM_MOVT_PREL -> R_ARM_THM_MOVW_ABS_NC;
            case R_ARM_ALU_PC_G0, R_ARM_ALU_PC_G1_NC, R_ARM_ALU_PC_G1, R_ARM_ALU_PC_G2 -> R_ARM_ALU_PC_G0_NC;
            case R_ARM_LDR_PC_G1, R_ARM_LDR_PC_G2 -> R_ARM_LDR_PC_G0;
            case R_ARM_LDRS_PC_G1, R_ARM_LDRS_PC_G2 -> R_ARM_LDRS_PC_G0;
            case R_ARM_LDC_PC_G1, R_ARM_LDC_PC_G2 -> R_ARM_LDC_PC_G0;
            default -> type;
        };
    }
}
