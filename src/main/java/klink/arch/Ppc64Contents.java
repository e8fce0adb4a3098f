package klink.arch;

import static klink.arch.Ppc64Veneers.NOP;
import static klink.elf.Ppc64.*;

import klink.mem.LE;

/// What powerpc code does with the table of contents, and what a linker that knows where all is makes of it (Power Architecture 64-Bit ELF V2 ABI, "TOC" and
/// "Assembler- and Linker-Mediated Executable Optimization"): loads of addresses become additions, additions of 0 go, global entry points name r2's value. The rules are GNU ld's.
public final class Ppc64Contents {
    private static final int LIS_R2 = 0x3c40_0000;
    private static final int ADDIS_R2_R12 = 0x3c4c_0000;
    private static final int ADDI_R2_R2 = 0x3842_0000;

    private Ppc64Contents() {}

    /// A relocation that counts from the table of contents' base.
    /// @param begin    where the section begins in `out`
    /// @param x        S + A
    /// @param toc      what r2 holds
    /// @param shortens whether `addis rX,r2,0` goes, and what adds to rX then adds to r2
    public static int apply(byte[] out, int begin, int at, int type, long x, long toc, boolean shortens) {
        long d = x - toc;
        int plain = withoutSlot(out, begin + (at - begin & -4), type, d);
        if (plain != type) {
            return plain < 0 ? Machine.NEEDS_GOT : apply(out, begin, at, plain, x, toc, shortens);
        }
        if (shortens && d == (short) d) {
            int code = begin + (at - begin & -4);
            if (type == R_PPC64_TOC16_HA) {
                LE.put32(out, code, NOP);
                return Machine.OK;
            }
            if (type == R_PPC64_TOC16_LO || type == R_PPC64_TOC16_LO_DS) {
                int old = LE.i32(out, code);
                int kept = old >>> 26 == 12 ? 14 << 26 | old & 0x3ff_ffff : old; // addic counts as addi
                LE.put32(out, code, kept & ~(31 << 16) | 2 << 16);
            }
        }
        return switch (type) {
            case R_PPC64_TOC16_HA -> Ppc64.high(out, at, d + 0x8000);
            case R_PPC64_TOC16_LO -> Ppc64.put16(out, at, d, false);
            case R_PPC64_TOC16_LO_DS -> Ppc64.multiple(out, at, d, false);
            case R_PPC64_TOC16 -> Ppc64.put16(out, at, d, true);
            case R_PPC64_TOC16_HI -> Ppc64.high(out, at, d);
            case R_PPC64_TOC16_DS -> Ppc64.multiple(out, at, d, true);
            case R_PPC64_TOC -> {
                LE.put64(out, at, toc);
                yield Machine.OK;
            }
            default -> Machine.NEEDS_GOT;
        };
    }

    /// Makes a global entry point that computes r2 from its own address (`addis r2,r12,.TOC.-entry@ha; addi r2,r2,.TOC.-entry@l`) name it.
    /// @param end where the section ends
    /// @return whether the code is that
    public static boolean fixEntry(byte[] out, int at, int end, long toc) {
        if (at + 8 > end || LE.i32(out, at) >>> 16 != ADDIS_R2_R12 >>> 16 || LE.i32(out, at + 4) >>> 16 != ADDI_R2_R2 >>> 16) {
            return false;
        }
        LE.put32(out, at, LIS_R2 | (int) (toc + 0x8000 >> 16) & 0xffff);
        LE.put32(out, at + 4, ADDI_R2_R2 | (int) toc & 0xffff);
        return true;
    }

    /// Makes a global entry point of the large code model, which loads the distance to the table of contents (`ld r2,..(r12); add r2,r2,r12`), compute it.
    /// @param end   where the section ends
    /// @param fixed whether addresses are known
    public static int applyEntry(byte[] out, int at, int end, long toc, long p, boolean fixed) {
        if (at + 8 > end || (LE.i32(out, at) & ~0xfffc) != 0xe84c_0000 || LE.i32(out, at + 4) != 0x7c42_6214) {
            return Machine.OK;
        }
        boolean absolute = fixed && toc + 0x8000_8000L >>> 32 == 0;
        long d = absolute ? toc : toc - p;
        if (d + 0x8000_8000L >>> 32 == 0) {
            LE.put32(out, at, (absolute ? LIS_R2 : ADDIS_R2_R12) | (int) (d + 0x8000 >> 16) & 0xffff);
            LE.put32(out, at + 4, ADDI_R2_R2 | (int) d & 0xffff);
        }
        return Machine.OK;
    }

    /// Makes one instruction of two that R_PPC64_PCREL_OPT says are a pair.
    public static int applyPair(byte[] out, int at, int end, long addend) {
        Ppc64Prefixed.shorten(out, at, end, addend);
        return Machine.OK;
    }

    /// Makes what loads from the global offset table an addition, as all is near enough in an image that is linked at once.
    /// @param d from the table of contents' base
    /// @return the type that the relocation is now; -1 where only a slot will do
    private static int withoutSlot(byte[] out, int code, int type, long d) {
        boolean known = type == R_PPC64_GOT16_HA || type == R_PPC64_GOT16_LO_DS || type == R_PPC64_GOT16_DS;
        if (!known) {
            return type == R_PPC64_GOT16 || type == R_PPC64_GOT16_LO || type == R_PPC64_GOT16_HI ? -1 : type;
        }
        boolean whole = type == R_PPC64_GOT16_DS;
        if (code + 4 > out.length || d + 0x8000 != (int) (d + 0x8000) || whole && d != (short) d) {
            return -1;
        }
        int insn = LE.i32(out, code);
        if (type == R_PPC64_GOT16_HA) {
            return insn >>> 26 == 15 ? R_PPC64_TOC16_HA : -1;
        }
        if ((insn & 0xfc00_0003) != 58 << 26) {
            return -1;
        }
        LE.put32(out, code, insn - (58 << 26) + (14 << 26)); // ld is now addi
        return whole ? R_PPC64_TOC16 : R_PPC64_TOC16_LO;
    }
}
