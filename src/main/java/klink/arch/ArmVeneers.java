package klink.arch;

import klink.elf.Arm;
import klink.mem.LE;

/// The forms of arm veneers, those of GNU ld. What a veneer begins with is in the mode of the branches that go to it: Arm code for `b` and for calls
/// that switch (`blx`), Thumb code (`bx pc`) for a Thumb branch. Position-independent ones (`--pic-veneer`, which kernels ask for as their code runs
/// before the MMU is on) hold the distance instead of the address.
final class ArmVeneers {
    /// `ldr pc, =target`: goes to either mode from v5 on.
    static final int LONG = 0;
    /// `ldr ip, =target; bx ip`: v4t.
    static final int LONG_BX = 1;
    /// The same two behind `bx pc; b .-2`.
    static final int FROM_THUMB = 2;
    static final int FROM_THUMB_BX = 3;
    /// `ldr ip, =target - .; add pc, pc, ip`: to Arm code.
    static final int RELATIVE = 4;
    /// `ldr ip, =target - .; add ip, pc, ip; bx ip`: to Thumb code.
    static final int RELATIVE_BX = 5;
    /// The same two behind `bx pc; b .-2`.
    static final int RELATIVE_FROM_THUMB = 6;
    static final int RELATIVE_FROM_THUMB_BX = 7;
    /// `ldr.w pc, =target`, where there is no Arm mode (v7-M).
    static final int THUMB_ONLY = 8;
    /// `bx pc; b .-2; b target`: to Arm code that is near.
    static final int SHORT_FROM_THUMB = 9;
    /// `push {r0}; ldr r0, =target - .; mov ip, pc; add ip, r0; pop {r0}; bx ip`, where there is no Arm mode.
    static final int RELATIVE_THUMB_ONLY = 10;
    /// `push {r0}; ldr r0, =target; mov ip, r0; pop {r0}; bx ip; nop`, where there are no Thumb-2 instructions either (v6-M).
    static final int OLD_THUMB_ONLY = 11;
    /// Or-ed: the target's mode is unknown, and taken for that of the branch, Thumb.
    static final int ASSUMES_THUMB = 16;

    private static final int[] SIZE = {8, 12, 12, 16, 12, 16, 16, 20, 8, 8, 16, 16};

    private static final int BX_PC = 0xe7fd_4778;
    private static final int B = 0xea00_0000;
    private static final int LDR_PC = 0xe51f_f004;
    private static final int LDR_IP = 0xe59f_c000;
    private static final int LDR_IP_4 = 0xe59f_c004;
    private static final int BX_IP = 0xe12f_ff1c;
    private static final int ADD_PC = 0xe08f_f00c;
    /// The same with its operands the other way round, as GNU ld has it behind `bx pc`.
    private static final int ADD_PC_TOO = 0xe08c_f00f;
    private static final int ADD_IP = 0xe08f_c00c;
    private static final int LDR_W_PC = 0xf000_f85f;

    private ArmVeneers() {}

    static int size(int kind) {
        return SIZE[kind & 15];
    }

    /// Whether Thumb branches go there.
    static boolean isThumb(int kind) {
        return switch (kind & 15) {
            case FROM_THUMB, FROM_THUMB_BX, RELATIVE_FROM_THUMB, RELATIVE_FROM_THUMB_BX, SHORT_FROM_THUMB -> true;
            default -> isThumbOnly(kind);
        };
    }

    private static boolean isThumbOnly(int kind) {
        return (kind & 15) == THUMB_ONLY || (kind & 15) == RELATIVE_THUMB_ONLY || (kind & 15) == OLD_THUMB_ONLY;
    }

    static boolean isShort(int kind) {
        return (kind & 15) == SHORT_FROM_THUMB;
    }

    /// Mapping symbols: mostly the last word is data.
    static int[] map(int kind) {
        int literal = size(kind) - 4;
        return switch (kind & 15) {
            case THUMB_ONLY, RELATIVE_THUMB_ONLY, OLD_THUMB_ONLY -> new int[] {0, 't', literal, 'd'};
            case SHORT_FROM_THUMB -> new int[] {0, 't', 4, 'a'};
            case FROM_THUMB, FROM_THUMB_BX, RELATIVE_FROM_THUMB, RELATIVE_FROM_THUMB_BX -> new int[] {0, 't', 4, 'a', literal, 'd'};
            default -> new int[] {0, 'a', literal, 'd'};
        };
    }

    static void write(int kind, byte[] out, int at, long p, long target) {
        boolean thumb = (target & Arm.THUMB) != 0 || (kind & ASSUMES_THUMB) != 0;
        int to = (int) target | (thumb ? 1 : 0);
        int start = at;
        if (isThumb(kind) && !isThumbOnly(kind)) {
            at = put(out, at, BX_PC);
        }
        switch (kind & 15) {
            case SHORT_FROM_THUMB -> {
                put(out, at, B | to - (int) p - 12 >> 2 & 0xff_ffff);
                return;
            }
            case LONG, FROM_THUMB -> at = put(out, at, LDR_PC);
            case LONG_BX, FROM_THUMB_BX -> at = put(out, put(out, at, LDR_IP), BX_IP);
            case RELATIVE, RELATIVE_FROM_THUMB -> {
                to -= (int) p + (at - start) + 12; // the program counter reads 8 ahead of the addition
                at = put(out, put(out, at, LDR_IP), isThumb(kind) ? ADD_PC_TOO : ADD_PC);
            }
            case RELATIVE_BX, RELATIVE_FROM_THUMB_BX -> {
                to -= (int) p + (at - start) + 12;
                at = put(out, put(out, put(out, at, LDR_IP_4), ADD_IP), BX_IP);
            }
            case RELATIVE_THUMB_ONLY -> {
                to -= (int) p + 8; // so the program counter reads where it is moved
                at = put(out, put(out, put(out, at, 0x4802_b401), 0x4484_46fc), 0x4760_bc01);
            }
            case OLD_THUMB_ONLY -> at = put(out, put(out, put(out, at, 0x4802_b401), 0xbc01_4684), 0xbf00_4760);
            default -> at = put(out, at, LDR_W_PC);
        }
        put(out, at, to);
    }

    private static int put(byte[] out, int at, int word) {
        LE.put32(out, at, word);
        return at + 4;
    }
}
