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
