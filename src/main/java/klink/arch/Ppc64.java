package klink.arch;

import static klink.elf.Ppc64.*;

import java.util.Arrays;
import java.util.HexFormat;
import klink.elf.Elf;
import klink.mem.LE;

/// Relocation arithmetic of little-endian 64-bit PowerPC (Power Architecture 64-Bit ELF V2 ABI, "Relocation Types"): data
/// words, branches of 24 and 14 bits, and halves of an address, whole, from the site or from the table of contents'
/// base that r2 holds.
///
/// A kernel has 670,000 of these: calls, words, and pairs that are relative to r2 are four of five. In a little-endian object
/// a halfword relocation names the low two bytes of the instruction, where its immediate stands.
public final class Ppc64 extends Machine {
    static final Ppc64 MACHINE = new Ppc64();

    private static final int NOP = 0x6000_0000;
    private static final long REACH = (1L << 25) - 4;

    private Ppc64() {}

    @Override
    public int number() {
        return Elf.EM_PPC64;
    }

    @Override
    public int flags(int inputs) {
        return inputs & EF_PPC64_ABI;
    }

    @Override
    public String relocationName(int type) {
        return klink.elf.Ppc64.name(type);
    }

    @Override
    public int absoluteType() {
        return R_PPC64_ADDR64;
    }

    @Override
    public int relativeType() {
        return R_PPC64_RELATIVE;
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
    public boolean hasContents() {
        return true;
    }

    @Override
    public boolean callsLocalEntry(int type) {
        return type == R_PPC64_REL24 || type == R_PPC64_REL14 || type == R_PPC64_REL24_NOTOC;
    }

    @Override
    public int localEntry(int other) {
        return klink.elf.Ppc64.localEntry(other);
    }

    @Override
    public int unalignedType() {
        return R_PPC64_UADDR64;
    }

    /// Code that counts from r2 wants it back; code that does not has none to give (ELF V2 ABI, "Function Call Linkage Protocols").
    @Override
    public long entry(int type, long s, int entry) {
        boolean agree = type == R_PPC64_REL24_NOTOC ? entry <= NO_CONTENTS : entry != NO_CONTENTS;
        return !agree ? s | 1 : entry == NO_CONTENTS ? s : s + entry;
    }

    /// No-operations where the gap is of whole instructions, as GNU ld has it.
    @Override
    public void fillCode(byte[] out, int at, long length) {
        if (length % 4 != 0) {
            Arrays.fill(out, at, (int) (at + length), (byte) 0);
            return;
        }
        for (int i = at; i < at + length; i += 4) {
            LE.put32(out, i, NOP);
        }
    }

    @Override
    public int width(int type) {
        return switch (type) {
            case R_PPC64_NONE, R_PPC64_ENTRY, R_PPC64_TOCSAVE, R_PPC64_PCREL_OPT -> 0;
            case R_PPC64_D34, R_PPC64_D34_LO, R_PPC64_D34_HI30, R_PPC64_D34_HA30, R_PPC64_PCREL34, R_PPC64_GOT_PCREL34, R_PPC64_ADDR64, R_PPC64_UADDR64, R_PPC64_REL64, R_PPC64_TOC -> 8;
            case R_PPC64_ADDR32, R_PPC64_UADDR32, R_PPC64_REL32, R_PPC64_REL24, R_PPC64_REL24_NOTOC, R_PPC64_REL14 -> 4;
            default -> 2;
        };
    }

    @Override
    public int apply(byte[] out, int at, int type, long s, long a, long p) {
        long x = s + a;
        return switch (type) {
            case R_PPC64_REL24, R_PPC64_REL24_NOTOC -> {
                if (x == 0) { // undefined and weak: nothing is called
                    LE.put32(out, at, NOP);
                    yield OK;
                }
                yield branch(out, at, x - p, 26);
            }
            case R_PPC64_REL14 -> branch(out, at, x - p, 16);
            case R_PPC64_ADDR64, R_PPC64_UADDR64 -> {
                LE.put64(out, at, x);
                yield OK;
            }
            case R_PPC64_REL64 -> {
                LE.put64(out, at, x - p);
                yield OK;
            }
            case R_PPC64_REL32 -> {
                LE.put32(out, at, (int) (x - p));
                yield x - p == (int) (x - p) ? OK : OVERFLOW;
            }
            case R_PPC64_ADDR32, R_PPC64_UADDR32 -> {
                LE.put32(out, at, (int) x);
                yield x >= Integer.MIN_VALUE && x <= 0xffff_ffffL ? OK : OVERFLOW;
            }
            case R_PPC64_TOC16, R_PPC64_TOC16_LO, R_PPC64_TOC16_HI, R_PPC64_TOC16_HA, R_PPC64_TOC16_DS, R_PPC64_TOC16_LO_DS, R_PPC64_TOC ->
                    NEEDS_GOT;
            case R_PPC64_D34, R_PPC64_D34_LO, R_PPC64_D34_HI30, R_PPC64_D34_HA30, R_PPC64_PCREL34, R_PPC64_GOT_PCREL34 -> prefixed(out, at, type, x, p);
            case R_PPC64_NONE, R_PPC64_ENTRY, R_PPC64_TOCSAVE, R_PPC64_PCREL_OPT -> OK; // they mark what a linker may shorten
            case R_PPC64_REL16, R_PPC64_REL16_LO, R_PPC64_REL16_HI, R_PPC64_REL16_HA -> relativeHalf(out, at, type, x - p);
            default -> half(out, at, type, x);
        };
    }

    /// A relocation that counts from the table of contents' base.
    /// @param begin    where the section begins in `out`
    /// @param x        S + A
    /// @param toc      what r2 holds
    /// @param shortens whether `addis rX,r2,0` goes, and what adds to rX then adds to r2
    public static int applyContents(byte[] out, int begin, int at, int type, long x, long toc, boolean shortens) {
        long d = x - toc;
        if (shortens && d == (short) d) {
            int code = begin + (at - begin & -4);
            if (type == R_PPC64_TOC16_HA) {
                LE.put32(out, code, NOP);
                return OK;
            }
            if (type == R_PPC64_TOC16_LO || type == R_PPC64_TOC16_LO_DS) {
                int old = LE.i32(out, code);
                int kept = old >>> 26 == 12 ? 14 << 26 | old & 0x3ff_ffff : old; // addic counts as addi
                LE.put32(out, code, kept & ~(31 << 16) | 2 << 16);
            }
        }
        return switch (type) {
            case R_PPC64_TOC16_HA -> high(out, at, d + 0x8000);
            case R_PPC64_TOC16_LO -> put16(out, at, d, false);
            case R_PPC64_TOC16_LO_DS -> multiple(out, at, d, false);
            case R_PPC64_TOC16 -> put16(out, at, d, true);
            case R_PPC64_TOC16_HI -> high(out, at, d);
            case R_PPC64_TOC16_DS -> multiple(out, at, d, true);
            case R_PPC64_TOC -> {
                LE.put64(out, at, toc);
                yield OK;
            }
            default -> NEEDS_GOT;
        };
    }

    /// An instruction of two words (Power ISA 3.1, "Prefixed Instructions"): 18 bits of the value are in the first, 16 in the second. A load from the
    /// global offset table becomes an addition, as all is near enough in an image that is linked at once.
    private static int prefixed(byte[] out, int at, int type, long x, long p) {
        long v = switch (type) {
            case R_PPC64_PCREL34, R_PPC64_GOT_PCREL34 -> x - p;
            case R_PPC64_D34_HI30 -> x >> 34;
            case R_PPC64_D34_HA30 -> x + (1L << 33) >> 34;
            default -> x;
        };
        int prefix = LE.i32(out, at);
        int code = LE.i32(out, at + 4);
        if (type == R_PPC64_GOT_PCREL34) {
            if (prefix >>> 18 != PREFIX_8LS >>> 18 || code >>> 26 != 57) { // pld
                return NEEDS_GOT;
            }
            boolean nowhere = x == 0; // undefined and weak: the constant
            v = nowhere ? 0 : v;
            prefix = nowhere ? PREFIX_MLS & ~(1 << 20) : PREFIX_MLS;
            code = code & 0x3ff_0000 | 14 << 26; // paddi
        }
        LE.put32(out, at, prefix & ~0x3_ffff | (int) (v >> 16) & 0x3_ffff);
        LE.put32(out, at + 4, code & ~0xffff | (int) v & 0xffff);
        boolean whole = type == R_PPC64_D34 || type == R_PPC64_PCREL34 || type == R_PPC64_GOT_PCREL34;
        return whole && v << 30 >> 30 != v ? OVERFLOW : OK;
    }

    /// Relative to itself: of a load or store, and of one that otherwise has no prefix.
    private static final int PREFIX_8LS = 1 << 26 | 1 << 20;
    private static final int PREFIX_MLS = 1 << 26 | 2 << 24 | 1 << 20;

    private static int relativeHalf(byte[] out, int at, int type, long d) {
        return switch (type) {
            case R_PPC64_REL16_HA -> high(out, at, d + 0x8000);
            case R_PPC64_REL16_HI -> high(out, at, d);
            default -> put16(out, at, d, type == R_PPC64_REL16);
        };
    }

    private static int half(byte[] out, int at, int type, long x) {
        return switch (type) {
            case R_PPC64_ADDR16, R_PPC64_UADDR16 -> {
                LE.put16(out, at, (int) x);
                yield x >= -0x8000 && x <= 0xffff ? OK : OVERFLOW;
            }
            case R_PPC64_ADDR16_LO -> put16(out, at, x, false);
            case R_PPC64_ADDR16_HI -> high(out, at, x);
            case R_PPC64_ADDR16_HA -> high(out, at, x + 0x8000);
            case R_PPC64_ADDR16_HIGH -> put16(out, at, x >> 16, false);
            case R_PPC64_ADDR16_HIGHA -> put16(out, at, x + 0x8000 >> 16, false);
            case R_PPC64_ADDR16_HIGHER -> put16(out, at, x >> 32, false);
            case R_PPC64_ADDR16_HIGHERA -> put16(out, at, x + 0x8000 >> 32, false);
            case R_PPC64_ADDR16_HIGHEST -> put16(out, at, x >> 48, false);
            case R_PPC64_ADDR16_HIGHESTA -> put16(out, at, x + 0x8000 >> 48, false);
            case R_PPC64_ADDR16_DS -> multiple(out, at, x, true);
            case R_PPC64_ADDR16_LO_DS -> multiple(out, at, x, false);
            default -> UNKNOWN;
        };
    }

    /// Bits 16 to 31 of a value that must be a signed word.
    private static int high(byte[] out, int at, long x) {
        LE.put16(out, at, (int) (x >> 16));
        return x == (int) x ? OK : OVERFLOW;
    }

    private static int put16(byte[] out, int at, long x, boolean check) {
        LE.put16(out, at, (int) x);
        return !check || x == (short) x ? OK : OVERFLOW;
    }

    /// The displacement of a load or store whose low bits belong to the opcode: two of them, four with vector registers (DS and
    /// DQ forms; Power ISA, "Instruction Formats").
    private static int multiple(byte[] out, int at, long x, boolean check) {
        int opcode = at + 4 <= out.length ? (out[at + 3] & 0xff) >> 2 : 0;
        boolean vector = opcode == 56 || opcode == 61 && (out[at] & 3) == 1;
        int kept = vector ? 15 : 3;
        LE.put16(out, at, LE.u16(out, at) & kept | (int) x & 0xffff & ~kept);
        return (x & kept) != 0 ? MISALIGNED : !check || x == (short) x ? OK : OVERFLOW;
    }

    /// A word offset of `bits` bits, of which the low two are flags of the instruction.
    private static int branch(byte[] out, int at, long d, int bits) {
        int mask = (1 << bits) - 4;
        LE.put32(out, at, LE.i32(out, at) & ~mask | (int) d & mask);
        return (d & 3) != 0 ? MISALIGNED : d >> bits - 1 == 0 || d >> bits - 1 == -1 ? OK : OVERFLOW;
    }

    @Override
    public long reach(int type) {
        return type == R_PPC64_REL24 || type == R_PPC64_REL24_NOTOC ? REACH : 0;
    }

    @Override
    public long leastReach() {
        return REACH;
    }

    /// Kinds of veneers. The first is klink's own; GNU ld's are a branch, and a jump to what a word near or far from the table of contents' base says.
    private static final int ADDRESS_BRANCH = 0;
    public static final int LONG_BRANCH = 1;
    public static final int WORD_BRANCH = 2;
    public static final int NEAR_WORD_BRANCH = 3;
    /// For code that has no table of contents: `pla r12,target; mtctr r12; bctr`, and room to keep the first off the end of 64 bytes.
    public static final int PLACE_BRANCH = 4;

    @Override
    public int veneerKind(int type, long target) {
        return type == R_PPC64_REL24_NOTOC ? PLACE_BRANCH : ADDRESS_BRANCH;
    }

    @Override
    public boolean isConditional(int type) {
        return type == R_PPC64_REL14;
    }

    @Override
    public boolean groupsVeneers() {
        return true;
    }

    @Override
    public int veneerSize(int kind) {
        return kind == LONG_BRANCH ? 4 : kind == NEAR_WORD_BRANCH ? 12 : kind == PLACE_BRANCH ? 20 : 16;
    }

    @Override
    public boolean veneerReaches(int kind, long p, long target, long toc) {
        long d = kind == PLACE_BRANCH || kind == LONG_BRANCH ? target - p : target - toc + 0x8000;
        return kind == LONG_BRANCH ? d == (int) d : kind == PLACE_BRANCH ? d << 30 >> 30 == d : d == (int) d;
    }

    /// GNU ld writes the number of the group of sections that share veneers, then this for what loads the target from a table.
    @Override
    public String veneerName(int kind, String target, long mode, int section) {
        return HexFormat.of().toHexDigits(section) + ".plt_branch." + target;
    }

    /// `addis r12,r2,target@toc@ha; addi r12,r12,target@toc@l; mtctr r12; bctr`: 2 GiB from the table of contents either way. It goes to the
    /// global entry point, with r12 as that wants it, so that it needs no knowledge of the function.
    @Override
    public void writeVeneer(int kind, byte[] out, int at, long p, long target, long toc) {
        long d = target - toc;
        if (kind == LONG_BRANCH) {
            LE.put32(out, at, 0x4800_0000 | (int) (target - p) & 0x3ff_fffc);
            return;
        }
        if (kind == PLACE_BRANCH) {
            int skip = (p & 63) == 60 ? 4 : 0;
            LE.put32(out, at + 16, NOP);
            LE.put32(out, at, NOP);
            d = target - (p + skip);
            LE.put32(out, at + skip, PREFIX_MLS | (int) (d >> 16) & 0x3_ffff);
            LE.put32(out, at + skip + 4, 0x3980_0000 | (int) d & 0xffff);
            LE.put32(out, at + skip + 8, 0x7d89_03a6);
            LE.put32(out, at + skip + 12, 0x4e80_0420);
            return;
        }
        if (kind != ADDRESS_BRANCH) {
            int next = at;
            if (kind == WORD_BRANCH) {
                LE.put32(out, next, 0x3d82_0000 | (int) (d + 0x8000 >> 16) & 0xffff); // addis r12,r2
                next += 4;
            }
            LE.put32(out, next, (kind == WORD_BRANCH ? 0xe98c_0000 : 0xe982_0000) | (int) d & 0xffff); // ld r12
            LE.put32(out, next + 4, 0x7d89_03a6);
            LE.put32(out, next + 8, 0x4e80_0420);
            return;
        }
        LE.put32(out, at, 0x3d82_0000 | (int) (d + 0x8000 >> 16) & 0xffff);
        LE.put32(out, at + 4, 0x398c_0000 | (int) d & 0xffff);
        LE.put32(out, at + 8, 0x7d89_03a6);
        LE.put32(out, at + 12, 0x4e80_0420);
    }
}
