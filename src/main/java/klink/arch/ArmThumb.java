package klink.arch;

import static klink.elf.Arm.*;

import klink.mem.LE;

/// Relocations of Thumb-2 instructions: two halfwords, the first of which is the lower half of a little-endian word here.
final class ArmThumb {
    private ArmThumb() {}

    static long addend(int type, int bytes) {
        int high = bytes & 0xffff;
        int low = bytes >>> 16;
        return switch (type) {
            case R_ARM_THM_CALL, R_ARM_THM_JUMP24 -> {
                int s = high >> 10 & 1;
                int i1 = ~(low >> 13 ^ s) & 1;
                int i2 = ~(low >> 11 ^ s) & 1;
                yield ((s << 24 | i1 << 23 | i2 << 22 | (high & 0x3ff) << 12 | (low & 0x7ff) << 1) << 7 >> 7) + 4;
            }
            case R_ARM_THM_JUMP19 -> (((high >> 10 & 1) << 20 | (low >> 11 & 1) << 19 | (low >> 13 & 1) << 18 | (high & 0x3f) << 12 | (low & 0x7ff) << 1) << 11 >> 11) + 4;
            case R_ARM_THM_JUMP11 -> (bytes << 21 >> 20) + 4;
            case R_ARM_THM_JUMP8 -> (bytes << 24 >> 23) + 4;
            case R_ARM_THM_JUMP6 -> (high >> 3 & 0x40 | high >> 2 & 0x3e) + 4;
            case R_ARM_THM_MOVW_ABS_NC, R_ARM_THM_MOVT_ABS, R_ARM_THM_MOVW_PREL_NC, R_ARM_THM_MOVT_PREL -> (short) immediate(high, low);
            case R_ARM_THM_ALU_PREL_11_0 -> {
                int v = high << 1 & 0x800 | low >> 4 & 0x700 | low & 0xff;
                yield (high & 0xa0) != 0 ? -v : v;
            }
            case R_ARM_THM_PC12 -> (high & 0x80) != 0 ? low & 0xfff : -(low & 0xfff);
            case R_ARM_THM_PC8 -> ((bytes & 0xff) << 2) + 4;
            default -> 0;
        };
    }

    private static int immediate(int high, int low) {
        return (high & 0xf) << 12 | (high >> 10 & 1) << 11 | low >> 4 & 0x700 | low & 0xff;
    }

    private static int move(byte[] out, int at, int value) {
        int high = LE.u16(out, at) & 0xfbf0 | value >> 12 & 0xf | value >> 1 & 0x400;
        int low = LE.u16(out, at + 2) & 0x8f00 | value << 4 & 0x7000 | value & 0xff;
        LE.put16(out, at, high);
        LE.put16(out, at + 2, low);
        return Machine.OK;
    }

    /// @param x S + A with the mode of S
    static int apply(Arm arm, byte[] out, int at, int type, long x, long p) {
        int v = (int) x;
        int t = (x & THUMB) != 0 ? 1 : 0;
        int here = (int) p;
        return switch (type) {
            case R_ARM_THM_CALL, R_ARM_THM_JUMP24 -> branch(arm, out, at, type, x, p);
            case R_ARM_THM_JUMP19 -> conditional(arm, out, at, x, p);
            case R_ARM_THM_JUMP11 -> narrow(out, at, v - here - 4, 11);
            case R_ARM_THM_JUMP8 -> narrow(out, at, v - here - 4, 8);
            case R_ARM_THM_JUMP6 -> {
                int d = v - here - 4;
                LE.put16(out, at, LE.u16(out, at) & 0xfd07 | d << 3 & 0x200 | d << 2 & 0xf8);
                yield d >= 0 && d < 0x80 ? Machine.OK : Machine.OVERFLOW;
            }
            case R_ARM_THM_MOVW_ABS_NC -> move(out, at, v | t);
            case R_ARM_THM_MOVT_ABS -> move(out, at, v >>> 16);
            case R_ARM_THM_MOVW_PREL_NC -> move(out, at, (v | t) - here);
            case R_ARM_THM_MOVT_PREL -> move(out, at, v - here >>> 16);
            case R_ARM_THM_ALU_PREL_11_0 -> {
                int d = (v | t) - (here & -4);
                int n = Math.abs(d);
                LE.put16(out, at, LE.u16(out, at) & 0xfb0f | (d < 0 ? 0xa0 : 0) | n >> 1 & 0x400);
                LE.put16(out, at + 2, LE.u16(out, at + 2) & 0x8f00 | n << 4 & 0x7000 | n & 0xff);
                yield n < 0x1000 ? Machine.OK : Machine.OVERFLOW;
            }
            case R_ARM_THM_PC12 -> {
                int d = v - (here & -4);
                int n = Math.abs(d);
                LE.put16(out, at, LE.u16(out, at) & ~0x80 | (d < 0 ? 0 : 0x80));
                LE.put16(out, at + 2, LE.u16(out, at + 2) & 0xf000 | n & 0xfff);
                yield n < 0x1000 ? Machine.OK : Machine.OVERFLOW;
            }
            case R_ARM_THM_PC8 -> {
                int d = v - (here + 4 & -4);
                LE.put16(out, at, LE.u16(out, at) & 0xff00 | d >> 2 & 0xff);
                yield d >= 0 && d < 0x400 ? Machine.OK : Machine.OVERFLOW;
            }
            default -> Machine.UNKNOWN;
        };
    }

    /// `bl`, which becomes `blx` where it goes to Arm code, and `b.w`.
    private static int branch(Arm arm, byte[] out, int at, int type, long target, long p) {
        if (!arm.reaches(type, target, p)) {
            return Machine.OVERFLOW;
        }
        int low = LE.u16(out, at + 2);
        if (type == R_ARM_THM_CALL && (target & (THUMB | CODE)) != 0) {
            low = (target & CODE) != 0 ? low & ~0x1000 : low | 0x1000;
        }
        boolean switches = (low & 0x5000) == 0x4000;
        int d = (int) target - (int) p - 4;
        if (switches) {
            d = d + 2 & -4; // counted from a multiple of 4
        }
        int s = d >>> 31;
        int high = LE.u16(out, at) & 0xf800 | s << 10 | d >> 12 & 0x3ff;
        low = low & 0xd000 | (~(d >> 23) ^ s) << 13 & 0x2000 | (~(d >> 22) ^ s) << 11 & 0x800 | d >> 1 & 0x7ff;
        LE.put16(out, at, high);
        LE.put16(out, at + 2, low);
        return (d & 1) != 0 ? Machine.MISALIGNED : Machine.OK;
    }

    private static int conditional(Arm arm, byte[] out, int at, long target, long p) {
        if (!arm.reaches(R_ARM_THM_JUMP19, target, p)) {
            return Machine.OVERFLOW;
        }
        int d = (int) target - (int) p - 4;
        LE.put16(out, at, LE.u16(out, at) & 0xfbc0 | d >>> 31 << 10 | d >> 12 & 0x3f);
        LE.put16(out, at + 2, LE.u16(out, at + 2) & 0xd000 | d >> 5 & 0x2000 | d >> 8 & 0x800 | d >> 1 & 0x7ff);
        return (d & 1) != 0 ? Machine.MISALIGNED : Machine.OK;
    }

    private static int narrow(byte[] out, int at, int d, int bits) {
        int mask = (1 << bits) - 1;
        LE.put16(out, at, LE.u16(out, at) & ~mask | d >> 1 & mask);
        return d >> bits == 0 || d >> bits == -1 ? Machine.OK : Machine.OVERFLOW;
    }
}
