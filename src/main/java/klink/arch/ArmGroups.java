package klink.arch;

import static klink.elf.Arm.*;

import klink.mem.LE;

/// Group relocations (AAELF32, "Group relocations"): a distance that is made of several instructions' immediates, eight bits at any even place from
/// the highest down; group n is what the first n have left. A kernel has a handful, in code that runs before the MMU is on (`adr_l`, `ldr_l`).
final class ArmGroups {
    private ArmGroups() {}

    static long addend(int type, int insn) {
        return switch (type) {
            case R_ARM_ALU_PC_G0_NC, R_ARM_ALU_PC_G0, R_ARM_ALU_PC_G1_NC, R_ARM_ALU_PC_G1, R_ARM_ALU_PC_G2 -> {
                int v = Integer.rotateRight(insn & 0xff, insn >> 7 & 0x1e);
                yield (insn & 0x1e0_0000) == 1 << 22 ? -v : v;
            }
            case R_ARM_LDRS_PC_G0, R_ARM_LDRS_PC_G1, R_ARM_LDRS_PC_G2 -> signed(insn, insn >> 4 & 0xf0 | insn & 0xf);
            case R_ARM_LDC_PC_G0, R_ARM_LDC_PC_G1, R_ARM_LDC_PC_G2 -> signed(insn, (insn & 0xff) << 2);
            default -> signed(insn, insn & 0xfff);
        };
    }

    private static int signed(int insn, int v) {
        return (insn & 1 << 23) != 0 ? v : -v;
    }

    static int apply(byte[] out, int at, int type, int x, int t, int p) {
        return switch (type) {
            case R_ARM_ALU_PC_G0_NC -> addition(out, at, (x | t) - p, 0, false);
            case R_ARM_ALU_PC_G0 -> addition(out, at, (x | t) - p, 0, true);
            case R_ARM_ALU_PC_G1_NC -> addition(out, at, (x | t) - p, 1, false);
            case R_ARM_ALU_PC_G1 -> addition(out, at, (x | t) - p, 1, true);
            case R_ARM_ALU_PC_G2 -> addition(out, at, (x | t) - p, 2, true);
            case R_ARM_LDR_PC_G0, R_ARM_LDR_PC_G1, R_ARM_LDR_PC_G2 -> {
                int left = left(x - p, type == R_ARM_LDR_PC_G0 ? 0 : type - R_ARM_LDR_PC_G1 + 1);
                yield load(out, at, 0xff7f_f000, x - p, left & 0xfff, left >>> 12 == 0);
            }
            case R_ARM_LDRS_PC_G0, R_ARM_LDRS_PC_G1, R_ARM_LDRS_PC_G2 -> {
                int left = left(x - p, type - R_ARM_LDRS_PC_G0);
                yield load(out, at, 0xff7f_f0f0, x - p, (left & 0xf0) << 4 | left & 0xf, left >>> 8 == 0);
            }
            case R_ARM_LDC_PC_G0, R_ARM_LDC_PC_G1, R_ARM_LDC_PC_G2 -> {
                int left = left(x - p, type - R_ARM_LDC_PC_G0);
                yield load(out, at, 0xff7f_ff00, x - p, left >> 2 & 0xff, left >>> 10 == 0 && (left & 3) == 0);
            }
            default -> Machine.UNKNOWN;
        };
    }

    /// The highest eight bits, at an even place.
    private static int shift(int v) {
        int top = 31 - Integer.numberOfLeadingZeros(v) & -2;
        return v == 0 ? 0 : Math.max(0, top - 6);
    }

    /// What `groups` groups leave of the distance.
    private static int left(int d, int groups) {
        int v = Math.abs(d);
        for (int i = 0; i < groups; i++) {
            v &= ~(0xff << shift(v));
        }
        return v;
    }

    private static int addition(byte[] out, int at, int d, int group, boolean check) {
        int v = left(d, group);
        int shift = shift(v);
        int bits = v >>> shift & 0xff;
        int encoded = bits | (shift == 0 ? 0 : (32 - shift) / 2 << 8);
        LE.put32(out, at, LE.i32(out, at) & 0xff1f_f000 | (d < 0 ? 1 << 22 : 1 << 23) | encoded);
        return !check || (v & ~(0xff << shift)) == 0 ? Machine.OK : Machine.OVERFLOW;
    }

    private static int load(byte[] out, int at, int mask, int d, int bits, boolean fits) {
        LE.put32(out, at, LE.i32(out, at) & mask | (d >= 0 ? 1 << 23 : 0) | bits);
        return fits ? Machine.OK : Machine.OVERFLOW;
    }
}
