package klink.arch;

import static klink.elf.Arm.*;

import java.util.Arrays;
import klink.elf.Elf;
import klink.elf.ElfClass;
import klink.mem.LE;

/// Relocation arithmetic of 32-bit arm (AAELF32, "Relocation types"), in Arm and Thumb-2 code: words, pairs of MOVW and MOVT, branches.
///
/// Objects have no addends of their own (SHT_REL): [#addend] finds them in the code. That of a branch counts from the instruction here, not from
/// where the program counter reads, 8 or 4 bytes on, so that S + A is where the branch goes. S carries the mode of the code that it is the address of
/// ([klink.elf.Arm#THUMB]), which a `bl` must switch to.
///
/// A multi_v7 kernel has 700,000 of these: ABS32, CALL and the MOVW pairs are nine of ten.
public sealed class Arm extends Machine permits BigArm {
    /// Of a v7 kernel, as far as nothing else is known.
    static final Arm MACHINE = new Arm(new Features(7, true, true, true, false, false, false), false, false);

    private static final long ARM_FORWARD = (1 << 25) - 4 + 8;
    private static final long ARM_BACK = (1 << 25) - 8;
    private static final int NOP = 0xe320_f000;
    private static final int OLD_NOP = 0xe1a0_0000;
    /// Halfwords of `nop.w`, and of `b .+4; nop` before Thumb-2.
    private static final int THUMB_NOP = 0x8000_f3af;
    private static final int OLD_THUMB_NOP = 0xbf00_e000;

    /// What the objects were compiled for.
    /// @param version   of the architecture: 4 to 8
    /// @param thumb2    branches of Thumb code reach 16 MiB, from v6T2 on
    /// @param nop       Arm code has one (v6K)
    /// @param blx       calls may become `blx`, or `bl`, by the mode of their target
    /// @param thumbOnly the processor has no Arm mode (v7-M)
    /// @param hardFloat floating-point arguments are passed in registers
    /// @param cortexA8  the processor may be a Cortex-A8 (v7-A)
    public record Features(int version, boolean thumb2, boolean nop, boolean blx, boolean thumbOnly, boolean hardFloat, boolean cortexA8) {}

    private final Features features;
    private final boolean picVeneers;
    private final boolean fixV4bx;

    /// @param picVeneers `--pic-veneer`
    /// @param fixV4bx    `--fix-v4bx`: `bx` becomes `mov pc`, for v4 without Thumb
    public Arm(Features features, boolean picVeneers, boolean fixV4bx) {
        this.features = features;
        this.picVeneers = picVeneers;
        this.fixV4bx = fixV4bx;
    }

    /// Whether the objects are for an architecture that the Cortex-A8 has.
    public boolean maySuitCortexA8() {
        return features.cortexA8;
    }

    @Override
    public int number() {
        return Elf.EM_ARM;
    }

    @Override
    public ElfClass elfClass() {
        return ElfClass.ELF32;
    }

    @Override
    public String relocationName(int type) {
        return klink.elf.Arm.name(type);
    }

    @Override
    public int absoluteType() {
        return R_ARM_ABS32;
    }

    @Override
    public int relativeType() {
        return 23;
    }

    @Override
    public boolean separatesCode() {
        return false;
    }

    @Override
    public long maxPageSize() {
        return 0x1000;
    }

    @Override
    public int flags(int inputs) {
        return EF_ARM_EABI_VER5 | (features.hardFloat ? EF_ARM_ABI_FLOAT_HARD : EF_ARM_ABI_FLOAT_SOFT);
    }

    /// Objects say nothing of where floating-point arguments are passed.
    @Override
    public int objectFlags(int inputs) {
        return EF_ARM_EABI_VER5;
    }

    @Override
    public void fillCode(byte[] out, int at, long length) {
        Arrays.fill(out, at, (int) (at + length), (byte) 0);
    }

    @Override
    public int width(int type) {
        return switch (type) {
            case R_ARM_NONE -> 0;
            case R_ARM_ABS8 -> 1;
            case R_ARM_ABS16, R_ARM_THM_ABS5, R_ARM_THM_PC8, R_ARM_THM_JUMP6, R_ARM_THM_JUMP8, R_ARM_THM_JUMP11 -> 2;
            default -> 4;
        };
    }

    @Override
    public long addend(int type, int bytes) {
        return switch (type) {
            case R_ARM_NONE, R_ARM_V4BX -> 0;
            case R_ARM_CALL, R_ARM_JUMP24, R_ARM_PC24, R_ARM_PLT32 -> (bytes << 8 >> 6) + 8 + ((bytes >>> 25) == 0x7d ? 2 * (bytes >>> 24 & 1) : 0);
            case R_ARM_PREL31 -> bytes << 1 >> 1;
            case R_ARM_MOVW_ABS_NC, R_ARM_MOVT_ABS, R_ARM_MOVW_PREL_NC, R_ARM_MOVT_PREL -> (short) (bytes >> 4 & 0xf000 | bytes & 0xfff);
            case R_ARM_ABS16 -> (short) bytes;
            case R_ARM_ABS8 -> (byte) bytes;
            case R_ARM_ABS12 -> bytes & 0xfff;
            default -> type >= R_ARM_ALU_PC_G0_NC && type <= R_ARM_LDC_PC_G2 || type == R_ARM_LDR_PC_G0 ? ArmGroups.addend(type, bytes)
                    : isThumb(type) ? ArmThumb.addend(type, bytes) : bytes;
        };
    }

    @Override
    public boolean putAddend(byte[] out, int at, int type, long a) {
        return ArmAddends.put(this, out, at, type, a);
    }

    static boolean isThumb(int type) {
        return type == R_ARM_THM_CALL || type == R_ARM_THM_JUMP24 || type >= R_ARM_THM_MOVW_ABS_NC && type <= R_ARM_THM_PC12
                || type == R_ARM_THM_JUMP11 || type == R_ARM_THM_JUMP8 || type == R_ARM_THM_PC8 || type == R_ARM_THM_ABS5;
    }

    @Override
    public int apply(byte[] out, int at, int type, long s, long a, long p) {
        int x = (int) (s + a);
        int t = (s & THUMB) != 0 ? 1 : 0;
        switch (type) {
            case R_ARM_ABS32, R_ARM_TARGET1 -> LE.put32(out, at, x | t);
            case R_ARM_CALL, R_ARM_JUMP24, R_ARM_PC24, R_ARM_PLT32 -> {
                return branch(out, at, type, s & (THUMB | CODE) | x & 0xffff_ffffL, p);
            }
            case R_ARM_MOVW_ABS_NC -> move(out, at, x | t);
            case R_ARM_MOVT_ABS -> move(out, at, x >>> 16);
            case R_ARM_PREL31 -> {
                int d = (x | t) - (int) p;
                LE.put32(out, at, LE.i32(out, at) & 0x8000_0000 | d & 0x7fff_ffff);
                return d << 1 >> 1 == d ? OK : OVERFLOW;
            }
            case R_ARM_REL32 -> LE.put32(out, at, (x | t) - (int) p);
            default -> {
                return isThumb(type) ? ArmThumb.apply(this, out, at, type, s & (THUMB | CODE) | x & 0xffff_ffffL, p) : rare(out, at, type, x, t, a, (int) p);
            }
        }
        return OK;
    }

    private int rare(byte[] out, int at, int type, int x, int t, long a, int p) {
        switch (type) {
            case R_ARM_NONE -> { }
            case R_ARM_MOVW_PREL_NC -> move(out, at, (x | t) - p);
            case R_ARM_MOVT_PREL -> move(out, at, x - p >>> 16);
            case R_ARM_ABS32_NOI -> LE.put32(out, at, x);
            case R_ARM_REL32_NOI -> LE.put32(out, at, x - p);
            case R_ARM_ABS16 -> {
                LE.put16(out, at, x);
                return x >= -0x8000 && x <= 0xffff ? OK : OVERFLOW;
            }
            case R_ARM_ABS8 -> {
                out[at] = (byte) x;
                return x >= -0x80 && x <= 0xff ? OK : OVERFLOW;
            }
            case R_ARM_ABS12 -> {
                LE.put32(out, at, LE.i32(out, at) & ~0xfff | x & 0xfff);
                return x >>> 12 == 0 ? OK : OVERFLOW;
            }
            case R_ARM_V4BX -> {
                if (fixV4bx && features.version < 5) { // mov pc, rN
                    LE.put32(out, at, LE.i32(out, at) & 0xf000_000f | 0x01a0_f000);
                }
            }
            case R_ARM_TARGET2, R_ARM_GOT_PREL, R_ARM_GOT_ABS, R_ARM_GOT_BREL, R_ARM_GOTOFF32, R_ARM_BASE_PREL, R_ARM_BASE_ABS -> {
                return NEEDS_GOT;
            }
            default -> {
                return type >= R_ARM_ALU_PC_G0_NC && type <= R_ARM_LDC_PC_G2 || type == R_ARM_LDR_PC_G0 ? ArmGroups.apply(out, at, type, x, t, p) : UNKNOWN;
            }
        }
        return OK;
    }

    /// A branch of Arm code; a call becomes `blx` where it goes to Thumb code, and `bl` where not.
    private int branch(byte[] out, int at, int type, long target, long p) {
        if (!reaches(type, target, p)) {
            return OVERFLOW;
        }
        int d = (int) target - (int) p - 8;
        int insn = LE.i32(out, at);
        boolean thumb = (target & THUMB) != 0;
        if (thumb) {
            insn = 0xfa00_0000 | (d & 2) << 23;
        } else if (insn >>> 25 == 0x7d) {
            insn = 0xeb00_0000;
        }
        LE.put32(out, at, insn & 0xff00_0000 | d >> 2 & 0xff_ffff);
        return (d & (thumb ? 1 : 3)) != 0 ? MISALIGNED : OK;
    }

    private static void move(byte[] out, int at, int value) {
        LE.put32(out, at, LE.i32(out, at) & 0xfff0_f000 | (value & 0xf000) << 4 | value & 0xfff);
    }

    /// AAELF32, "Call and jump relocations": to the next instruction. The rest takes S for 0.
    @Override
    public int applyNowhere(byte[] out, int at, int type, long a, long p) {
        switch (type) {
            case R_ARM_CALL, R_ARM_JUMP24, R_ARM_PC24, R_ARM_PLT32 ->
                LE.put32(out, at, LE.i32(out, at) & 0xf000_0000 | (features.nop ? NOP : OLD_NOP) & 0x0fff_ffff);
            case R_ARM_THM_CALL, R_ARM_THM_JUMP24 -> LE.put32(out, at, features.thumb2 ? THUMB_NOP : OLD_THUMB_NOP);
            default -> {
                return UNKNOWN;
            }
        }
        return OK;
    }

    @Override
    public long reach(int type) {
        return switch (type) {
            case R_ARM_CALL, R_ARM_JUMP24, R_ARM_PC24, R_ARM_PLT32 -> ARM_FORWARD;
            case R_ARM_THM_CALL, R_ARM_THM_JUMP24 -> (isWide() ? 1 << 24 : 1 << 22) - 2 + 4;
            case R_ARM_THM_JUMP19 -> (1 << 20) - 2 + 4;
            default -> 0;
        };
    }

    /// Whether calls of Thumb code reach 16 MiB, as they do in v6-M too.
    private boolean isWide() {
        return features.thumb2 || features.thumbOnly;
    }

    @Override
    public long reachBack(int type) {
        return switch (type) {
            case R_ARM_CALL, R_ARM_JUMP24, R_ARM_PC24, R_ARM_PLT32 -> ARM_BACK;
            case R_ARM_THM_CALL, R_ARM_THM_JUMP24 -> (isWide() ? 1 << 24 : 1 << 22) - 4;
            case R_ARM_THM_JUMP19 -> (1 << 20) - 4;
            default -> 0;
        };
    }

    @Override
    public boolean reaches(int type, long target, long p) {
        long d = (target & 0xffff_ffffL) - (p & 0xffff_ffffL);
        if (isThumb(type)) {
            if ((target & CODE) == 0) {
                return d <= reach(type) && d >= -reachBack(type);
            }
            long fromWord = d + (p & 2); // blx counts from a multiple of 4
            return type == R_ARM_THM_CALL && canSwitch() && fromWord <= reach(type) - 2 && fromWord >= -reachBack(type);
        }
        boolean thumb = (target & THUMB) != 0;
        return (!thumb || type == R_ARM_CALL && canSwitch()) && d <= ARM_FORWARD + (thumb ? 2 : 0) && d >= -ARM_BACK;
    }

    /// Whether calls can switch modes.
    private boolean canSwitch() {
        return features.blx && !features.thumbOnly;
    }

    @Override
    public boolean hasModes() {
        return true;
    }

    @Override
    public long leastReach() {
        return (1 << 24) - 4; // conditional branches of Thumb code, which reach less, are few
    }

    @Override
    public boolean veneerReaches(int kind, long p, long target, long toc) {
        return !ArmVeneers.isShort(kind) || reaches(R_ARM_JUMP24, target, p + 4);
    }

    @Override
    public int veneerKind(int type, long target, int entry, long p) {
        boolean fromThumb = isThumb(type);
        boolean toThumb = (target & THUMB) != 0 || fromThumb && (target & CODE) == 0;
        int assumed = toThumb && (target & THUMB) == 0 ? ArmVeneers.ASSUMES_THUMB : 0;
        if (features.thumbOnly) {
            return assumed | (picVeneers ? ArmVeneers.RELATIVE_THUMB_ONLY : features.thumb2 ? ArmVeneers.THUMB_ONLY : ArmVeneers.OLD_THUMB_ONLY);
        }
        boolean switches = type == R_ARM_THM_CALL && canSwitch();
        if (fromThumb && !switches) {
            return assumed | (picVeneers ? toThumb ? ArmVeneers.RELATIVE_FROM_THUMB_BX : ArmVeneers.RELATIVE_FROM_THUMB
                    : toThumb ? ArmVeneers.FROM_THUMB_BX : isNear(target, p) ? ArmVeneers.SHORT_FROM_THUMB : ArmVeneers.FROM_THUMB);
        }
        return assumed | (picVeneers ? toThumb ? ArmVeneers.RELATIVE_BX : ArmVeneers.RELATIVE : toThumb && !canSwitch() ? ArmVeneers.LONG_BX : ArmVeneers.LONG);
    }

    /// Whether a call of Thumb code before Thumb-2 would reach that far. GNU ld has a short veneer then, whatever the branch.
    private static boolean isNear(long target, long p) {
        long d = (target & 0xffff_ffffL) - (p & 0xffff_ffffL);
        return d <= (1 << 22) - 2 + 4 && d >= -(1 << 22) + 4;
    }

    @Override
    public int veneerSize(int kind) {
        return ArmVeneers.size(kind);
    }

    /// GNU ld sizes them so, and then has them stand without gaps.
    @Override
    public int veneerRoom(int kind) {
        return ArmVeneers.size(kind) + 7 & -8;
    }

    /// GNU ld's section of them is aligned so.
    @Override
    public int veneerAlignment() {
        return 8;
    }

    @Override
    public long veneerMode(int kind) {
        return ArmVeneers.isThumb(kind) ? THUMB : CODE;
    }

    @Override
    public int[] veneerMap(int kind) {
        return ArmVeneers.map(kind);
    }

    @Override
    public void writeVeneer(int kind, byte[] out, int at, long p, long target, long toc) {
        ArmVeneers.write(kind, out, at, p, target);
    }

    /// GNU ld has names of their own for what switches modes.
    @Override
    public String veneerName(int kind, String target, long mode, int type, int section) {
        boolean fromArm = type == R_ARM_CALL || type == R_ARM_JUMP24;
        return "__" + target + (isThumb(type) && (mode & CODE) != 0 ? "_from_thumb" : fromArm && (mode & THUMB) != 0 ? "_from_arm" : "_veneer");
    }
}
