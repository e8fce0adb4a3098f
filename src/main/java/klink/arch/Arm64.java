package klink.arch;

import static klink.elf.AArch64.*;

import java.util.Arrays;
import klink.elf.AArch64;
import klink.elf.Elf;
import klink.mem.LE;

/// Relocation arithmetic of AArch64 (AAELF64, "Static AArch64 relocations"): data words, page-relative address pairs
/// (ADRP and the low 12 bits), branches of 26, 19 and 14 bits, immediates of MOVZ, MOVN and MOVK.
///
/// A kernel has 830,000 of these: CALL26, the ADRP pairs and PREL32 are four of five.
public final class Arm64 extends Machine {
    static final Arm64 MACHINE = new Arm64();

    private static final int NOP = 0xd503201f;

    private Arm64() {}

    @Override
    public int number() {
        return Elf.EM_AARCH64;
    }

    @Override
    public String relocationName(int type) {
        return AArch64.name(type);
    }

    @Override
    public int absoluteType() {
        return R_AARCH64_ABS64;
    }

    @Override
    public int relativeType() {
        return R_AARCH64_RELATIVE;
    }

    @Override
    public boolean countsDiscarded() {
        return true;
    }

    @Override
    public boolean separatesCode() {
        return false;
    }

    @Override
    public long maxPageSize() {
        return 0x10000;
    }

    @Override
    public void fillCode(byte[] out, int at, long length) {
        Arrays.fill(out, at, (int) (at + length), (byte) 0);
    }

    @Override
    public int width(int type) {
        return switch (type) {
            case R_AARCH64_NONE, R_AARCH64_NONE_256 -> 0;
            case R_AARCH64_ABS64, R_AARCH64_PREL64 -> 8;
            case R_AARCH64_ABS16, R_AARCH64_PREL16 -> 2;
            default -> 4;
        };
    }

    @Override
    public int apply(byte[] out, int at, int type, long s, long a, long p) {
        long x = s + a;
        switch (type) {
            case R_AARCH64_CALL26, R_AARCH64_JUMP26 -> {
                if (x == 0) { // undefined and weak: nothing is called (AAELF64, "Call and jump relocations")
                    LE.put32(out, at, 0xd503_201f);
                    return OK;
                }
                return branch(out, at, x - p, 26, 0);
            }
            case R_AARCH64_ADR_PREL_PG_HI21 -> {
                return adrp(out, at, x, p, true);
            }
            case R_AARCH64_ADD_ABS_LO12_NC, R_AARCH64_LDST8_ABS_LO12_NC -> {
                return low12(out, at, x, 0);
            }
            case R_AARCH64_PREL32 -> {
                return word(out, at, x - p);
            }
            case R_AARCH64_ABS64 -> LE.put64(out, at, x);
            case R_AARCH64_LDST64_ABS_LO12_NC -> {
                return low12(out, at, x, 3);
            }
            case R_AARCH64_LDST32_ABS_LO12_NC -> {
                return low12(out, at, x, 2);
            }
            default -> {
                return rare(out, at, type, x, p);
            }
        }
        return OK;
    }

    private static final long REACH = (1L << 27) - 4;

    @Override
    public long reach(int type) {
        return type == R_AARCH64_CALL26 || type == R_AARCH64_JUMP26 ? REACH : 0;
    }

    @Override
    public long leastReach() {
        return REACH;
    }

    @Override
    public int veneerSize(int kind) {
        return 12;
    }

    /// `adrp x16, target; add x16, x16, :lo12:target; br x16`: position independent, 4 GiB either way. x16 is the procedure call
    /// standard's register for it (AAPCS64, "General-purpose registers").
    @Override
    public void writeVeneer(byte[] out, int at, long p, long target) {
        LE.put32(out, at, 0x9000_0010);
        adrp(out, at, target, p, true);
        LE.put32(out, at + 4, 0x9100_0210);
        low12(out, at + 4, target, 0);
        LE.put32(out, at + 8, 0xd61f_0200);
    }

    @Override
    public boolean veneerReaches(long p, long target, long toc) {
        return fits((target >> 12) - (p >> 12), 21);
    }

    @Override
    public String codeSymbol() {
        return "$x";
    }

    private static int rare(byte[] out, int at, int type, long x, long p) {
        return switch (type) {
            case R_AARCH64_NONE, R_AARCH64_NONE_256 -> OK;
            case R_AARCH64_PREL64 -> {
                LE.put64(out, at, x - p);
                yield OK;
            }
            case R_AARCH64_ABS32 -> word(out, at, x);
            case R_AARCH64_PLT32 -> {
                LE.put32(out, at, (int) (x - p));
                yield x - p == (int) (x - p) ? OK : OVERFLOW;
            }
            case R_AARCH64_ABS16 -> half(out, at, x);
            case R_AARCH64_PREL16 -> half(out, at, x - p);
            case R_AARCH64_CONDBR19 -> branch(out, at, x - p, 19, 5);
            case R_AARCH64_LD_PREL_LO19 -> branch(out, at, x - p, 19, 5);
            case R_AARCH64_TSTBR14 -> branch(out, at, x - p, 14, 5);
            case R_AARCH64_ADR_PREL_LO21 -> adr(out, at, x - p, fits(x - p, 21));
            case R_AARCH64_ADR_PREL_PG_HI21_NC -> adrp(out, at, x, p, false);
            case R_AARCH64_LDST16_ABS_LO12_NC -> low12(out, at, x, 1);
            case R_AARCH64_LDST128_ABS_LO12_NC -> low12(out, at, x, 4);
            case R_AARCH64_GOT_LD_PREL19, R_AARCH64_ADR_GOT_PAGE, R_AARCH64_LD64_GOT_LO12_NC, R_AARCH64_LD64_GOTPAGE_LO15 -> NEEDS_GOT;
            case R_AARCH64_MOVW_UABS_G0, R_AARCH64_MOVW_UABS_G0_NC, R_AARCH64_MOVW_UABS_G1, R_AARCH64_MOVW_UABS_G1_NC, R_AARCH64_MOVW_UABS_G2,
                    R_AARCH64_MOVW_UABS_G2_NC, R_AARCH64_MOVW_UABS_G3 -> unsignedMove(out, at, type, x);
            case R_AARCH64_MOVW_SABS_G0 -> signedMove(out, at, x, 0, true);
            case R_AARCH64_MOVW_SABS_G1 -> signedMove(out, at, x, 16, true);
            case R_AARCH64_MOVW_SABS_G2 -> signedMove(out, at, x, 32, true);
            case R_AARCH64_MOVW_PREL_G0 -> signedMove(out, at, x - p, 0, true);
            case R_AARCH64_MOVW_PREL_G1 -> signedMove(out, at, x - p, 16, true);
            case R_AARCH64_MOVW_PREL_G2 -> signedMove(out, at, x - p, 32, true);
            case R_AARCH64_MOVW_PREL_G3 -> signedMove(out, at, x - p, 48, false);
            case R_AARCH64_MOVW_PREL_G0_NC -> move(out, at, (int) (x - p) & 0xffff);
            case R_AARCH64_MOVW_PREL_G1_NC -> move(out, at, (int) (x - p >> 16) & 0xffff);
            case R_AARCH64_MOVW_PREL_G2_NC -> move(out, at, (int) (x - p >> 32) & 0xffff);
            default -> UNKNOWN;
        };
    }

    /// AAELF64, "Symbol resolution": a call is a NOP (GNU ld's form of a branch to the next instruction), another branch goes
    /// there, a distance is counted from the place itself.
    @Override
    public int applyNowhere(byte[] out, int at, int type, long a, long p) {
        return switch (type) {
            case R_AARCH64_CALL26, R_AARCH64_JUMP26 -> {
                LE.put32(out, at, NOP);
                yield OK;
            }
            case R_AARCH64_CONDBR19, R_AARCH64_TSTBR14 -> apply(out, at, type, p + 4, 0, p);
            case R_AARCH64_PREL64, R_AARCH64_PREL32, R_AARCH64_PREL16, R_AARCH64_PLT32, R_AARCH64_LD_PREL_LO19, R_AARCH64_ADR_PREL_LO21,
                    R_AARCH64_ADR_PREL_PG_HI21, R_AARCH64_ADR_PREL_PG_HI21_NC, R_AARCH64_MOVW_PREL_G0, R_AARCH64_MOVW_PREL_G0_NC,
                    R_AARCH64_MOVW_PREL_G1, R_AARCH64_MOVW_PREL_G1_NC, R_AARCH64_MOVW_PREL_G2, R_AARCH64_MOVW_PREL_G2_NC,
                    R_AARCH64_MOVW_PREL_G3 -> apply(out, at, type, p, a, p);
            default -> UNKNOWN;
        };
    }

    /// A load or an address through the global offset table.
    /// @param slot address of the slot
    /// @param got  address of the table
    public static int applyGot(byte[] out, int at, int type, long slot, long got, long p) {
        return switch (type) {
            case R_AARCH64_ADR_GOT_PAGE -> adrp(out, at, slot, p, true);
            case R_AARCH64_LD64_GOT_LO12_NC -> low12(out, at, slot, 3);
            case R_AARCH64_GOT_LD_PREL19 -> branch(out, at, slot - p, 19, 5);
            case R_AARCH64_LD64_GOTPAGE_LO15 -> {
                long offset = slot - (got & -0x1000L);
                int insn = LE.i32(out, at) & ~(0xfff << 10);
                LE.put32(out, at, insn | (int) (offset >> 3 & 0xfff) << 10);
                yield (offset & 7) != 0 ? MISALIGNED : offset >= 0 && offset < 1 << 15 ? OK : OVERFLOW;
            }
            default -> NEEDS_GOT;
        };
    }

    /// 32 bits that may be signed or not: -2^31 <= X < 2^32.
    private static int word(byte[] out, int at, long x) {
        LE.put32(out, at, (int) x);
        return x >= Integer.MIN_VALUE && x <= 0xffff_ffffL ? OK : OVERFLOW;
    }

    private static int half(byte[] out, int at, long x) {
        LE.put16(out, at, (int) x);
        return x >= -0x8000 && x <= 0xffff ? OK : OVERFLOW;
    }

    private static boolean fits(long x, int bits) {
        return x >> bits - 1 == 0 || x >> bits - 1 == -1;
    }

    /// A word offset of `bits` bits at bit `shift` of the instruction.
    private static int branch(byte[] out, int at, long x, int bits, int shift) {
        int mask = (1 << bits) - 1 << shift;
        LE.put32(out, at, LE.i32(out, at) & ~mask | (int) (x >> 2) << shift & mask);
        return (x & 3) != 0 ? MISALIGNED : fits(x, bits + 2) ? OK : OVERFLOW;
    }

    /// ADR and ADRP: 21 bits, the low two of them at bit 29.
    private static int adr(byte[] out, int at, long x, boolean fits) {
        int insn = LE.i32(out, at) & 0x9f00_001f;
        LE.put32(out, at, insn | (int) (x & 3) << 29 | (int) (x >> 2 & 0x7ffff) << 5);
        return fits ? OK : OVERFLOW;
    }

    private static int adrp(byte[] out, int at, long x, long p, boolean check) {
        long pages = (x >> 12) - (p >> 12);
        return adr(out, at, pages, !check || fits(pages, 21));
    }

    /// The low 12 bits of an address, as the offset of an ADD or of a load of 2^scale bytes.
    private static int low12(byte[] out, int at, long x, int scale) {
        int offset = (int) x & 0xfff;
        LE.put32(out, at, LE.i32(out, at) & ~(0xfff << 10) | offset >> scale << 10);
        return (offset & (1 << scale) - 1) != 0 ? MISALIGNED : OK;
    }

    private static int move(byte[] out, int at, int value) {
        LE.put32(out, at, LE.i32(out, at) & ~(0xffff << 5) | value << 5);
        return OK;
    }

    private static int unsignedMove(byte[] out, int at, int type, long x) {
        int group = (type - R_AARCH64_MOVW_UABS_G0) / 2;
        boolean checked = (type - R_AARCH64_MOVW_UABS_G0) % 2 == 0 && group < 3;
        move(out, at, (int) (x >>> 16 * group) & 0xffff);
        return !checked || x >>> 16 * (group + 1) == 0 ? OK : OVERFLOW;
    }

    /// MOVZ for a value that is not negative, MOVN of its complement for one that is.
    private static int signedMove(byte[] out, int at, long x, int shift, boolean check) {
        int insn = LE.i32(out, at) & ~(3 << 29) | (x < 0 ? 0 : 2 << 29);
        LE.put32(out, at, insn & ~(0xffff << 5) | (int) ((x < 0 ? ~x : x) >> shift & 0xffff) << 5);
        return !check || fits(x, shift + 17) ? OK : OVERFLOW;
    }
}
