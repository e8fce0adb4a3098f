package klink.arch;

import static klink.elf.Ppc64.*;

import klink.mem.LE;

/// Relocations of Power10 code: instructions of two words (Power ISA 3.1, "Prefixed Instructions"), of which the first holds 18 or 12 bits of the value and the second 16,
/// and the halves that stand with them where 34 bits do not do.
final class Ppc64Prefixed {
    private Ppc64Prefixed() {}

    /// Whether relocations of a type change eight bytes of code.
    static boolean is(int type) {
        return type >= R_PPC64_D34 && type <= R_PPC64_PLT_PCREL34_NOTOC || type == R_PPC64_D28 || type == R_PPC64_PCREL28;
    }

    /// A load from the global offset table becomes an addition, as all is near enough in an image that is linked at once.
    static int apply(byte[] out, int at, int type, long x, long p) {
        if (type == R_PPC64_PLT_PCREL34 || type == R_PPC64_PLT_PCREL34_NOTOC) {
            LE.put32(out, at, 0x0700_0000); // pnop: the call needs no address
            LE.put32(out, at + 4, 0);
            return Machine.OK;
        }
        long v = switch (type) {
            case R_PPC64_PCREL34, R_PPC64_GOT_PCREL34, R_PPC64_PCREL28 -> x - p;
            case R_PPC64_D34_HI30 -> x >> 34;
            case R_PPC64_D34_HA30 -> x + (1L << 33) >> 34;
            default -> x;
        };
        int prefix = LE.i32(out, at);
        int code = LE.i32(out, at + 4);
        if (type == R_PPC64_GOT_PCREL34) {
            if (prefix >>> 18 != Ppc64Veneers.PREFIX_8LS >>> 18 || code >>> 26 != 57) { // pld
                return Machine.NEEDS_GOT;
            }
            boolean nowhere = x == 0; // undefined and weak: the constant
            v = nowhere ? 0 : v;
            prefix = nowhere ? Ppc64Veneers.PREFIX_MLS & ~(1 << 20) : Ppc64Veneers.PREFIX_MLS;
            code = code & 0x3ff_0000 | 14 << 26; // paddi
        }
        int bits = type == R_PPC64_D28 || type == R_PPC64_PCREL28 ? 28 : 34;
        int mask = (1 << bits - 16) - 1;
        LE.put32(out, at, prefix & ~mask | (int) (v >> 16) & mask);
        LE.put32(out, at + 4, code & ~0xffff | (int) v & 0xffff);
        boolean part = type == R_PPC64_D34_LO || type == R_PPC64_D34_HI30 || type == R_PPC64_D34_HA30;
        return part || v << 64 - bits >> 64 - bits == v ? Machine.OK : Machine.OVERFLOW;
    }

    /// Makes one instruction of `pla rX,symbol` and a load or store that uses rX for nothing else (ELF V2 ABI, "Assembler- and Linker-Mediated Executable Optimization",
    /// R_PPC64_PCREL_OPT): what is loaded or stored is at the distance that the first has, and the second goes.
    /// @param at     the first, relocated
    /// @param end    where the section ends
    /// @param addend from the first to the second
    static void shorten(byte[] out, int at, int end, long addend) {
        long second = at + (addend == 0 ? 8 : addend);
        if (at + 8 > end || second < at + 8 || second + 4 > end) {
            return;
        }
        int use = (int) second;
        int prefix = LE.i32(out, at);
        int code = LE.i32(out, at + 4);
        int insn = LE.i32(out, use);
        boolean wide = insn >>> 26 == 1;
        if (prefix >>> 18 != Ppc64Veneers.PREFIX_MLS >>> 18 || code >>> 26 != 14 || wide && use + 8 > end) {
            return;
        }
        int after = wide ? LE.i32(out, use + 4) : insn;
        long form = wide ? insn & 0xfffc_0000L | 1 << 20 : Ppc64Veneers.PREFIX_8LS;
        long off = (short) after;
        int opcode = after >>> 26;
        if (wide) {
            if ((insn & 1 << 20) != 0 || form != Ppc64Veneers.PREFIX_8LS) {
                return; // relative itself; or a form that GNU ld leaves alone
            }
            off = ((long) insn << 16 & 0x3_ffff_0000L | after & 0xffff) << 30 >> 30;
        } else {
            int low = after & 15;
            switch (opcode) {
                case 32, 34, 36, 38, 40, 42, 44, 48, 50, 52, 54 -> form = Ppc64Veneers.PREFIX_MLS;
                case 58 -> opcode = (low & 1) != 0 ? -1 : (low & 2) != 0 ? 41 : 57; // ld, lwa
                case 57 -> opcode = (low & 3) < 2 ? -1 : 40 | low & 3; // lxsd, lxssp
                case 61 -> opcode = (low & 3) == 0 ? -1 : (low & 3) >= 2 ? 44 | low & 3 : 50 | low & 4 | low >> 3; // stxsd, stxssp, lxv, stxv
                case 6 -> opcode = (low & 14) != 0 ? -1 : (low & 1) == 0 ? 58 : 62; // lxvp, stxvp
                case 62 -> opcode = (low & 1) != 0 ? -1 : (low & 2) == 0 ? 61 : 60; // std, stq
                case 56 -> { } // lq
                default -> opcode = -1;
            }
            if (opcode < 0) {
                return;
            }
            boolean four = after >>> 26 == 6 || after >>> 26 == 61 && (low & 3) == 1;
            boolean two = after >>> 26 == 57 || after >>> 26 == 58 || after >>> 26 == 62 || after >>> 26 == 61;
            off = four ? off & ~15 : two ? off & ~3 : off;
        }
        if ((after >> 16 & 31) != (code >> 21 & 31)) {
            return; // it uses another register
        }
        long d = (((long) prefix & 0x3_ffff) << 16 | code & 0xffff) << 30 >> 30;
        d += off;
        if (d << 30 >> 30 != d) {
            return;
        }
        LE.put32(out, at, (int) form | (int) (d >> 16) & 0x3_ffff);
        LE.put32(out, at + 4, opcode << 26 | after & 31 << 21 | (int) d & 0xffff);
        LE.put32(out, use, wide ? 0x0700_0000 : Ppc64Veneers.NOP);
        if (wide) {
            LE.put32(out, use + 4, 0);
        }
    }

    /// The bits above those that an instruction of two words holds.
    /// @param x S + A
    /// @return UNKNOWN if it is no such type
    static int half(byte[] out, int at, int type, long x, long p) {
        long v = type >= R_PPC64_REL16_HIGHER34 ? x - p : x;
        long part = switch (type) {
            case R_PPC64_ADDR16_HIGHER34, R_PPC64_REL16_HIGHER34 -> v >> 34;
            case R_PPC64_ADDR16_HIGHERA34, R_PPC64_REL16_HIGHERA34 -> v + (1L << 33) >> 34;
            case R_PPC64_ADDR16_HIGHEST34, R_PPC64_REL16_HIGHEST34 -> v >> 50;
            case R_PPC64_ADDR16_HIGHESTA34, R_PPC64_REL16_HIGHESTA34 -> v + (1L << 33) >> 50;
            default -> Long.MIN_VALUE;
        };
        if (part == Long.MIN_VALUE) {
            return Machine.UNKNOWN;
        }
        LE.put16(out, at, (int) part);
        return Machine.OK;
    }
}
