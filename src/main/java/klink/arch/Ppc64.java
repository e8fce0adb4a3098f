package klink.arch;

import static klink.arch.Ppc64Veneers.LD_R2;
import static klink.arch.Ppc64Veneers.NOP;
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

    private static final long REACH = (1L << 25) - 4;
    private static final long SHORT_REACH = (1L << 15) - 4;

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
    public String advice(int type) {
        return type != R_PPC64_TOC16 && type != R_PPC64_TOC16_DS ? null
                : "code of the small model reaches 64 KiB of a table of contents, and klink makes one table: compile with -mcmodel=medium";
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
        return reach(type) != 0 || type == R_PPC64_ADDR64_LOCAL || type == R_PPC64_ADDR14_BRTAKEN || type == R_PPC64_ADDR14_BRNTAKEN;
    }

    @Override
    public boolean isPlain(int type) {
        return type == R_PPC64_REL24_NOTOC || type == R_PPC64_REL24_P9NOTOC || type == R_PPC64_PLTCALL_NOTOC;
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
    public boolean agrees(int type, int entry) {
        return isPlain(type) ? entry <= NO_CONTENTS : entry != NO_CONTENTS || reach(type) == 0;
    }

    @Override
    public long entry(int type, long s, int entry) {
        return entry == NO_CONTENTS ? s : s + entry;
    }

    /// What calls a function that does not keep r2 must be followed by a place for the load that restores it.
    @Override
    public int applyVeneer(byte[] out, int at, int end, int type, int entry, long v, long p) {
        boolean restores = !isPlain(type) && entry == NO_CONTENTS;
        boolean linked = (LE.i32(out, at) & 1) != 0;
        int next = at + 8 <= end ? LE.i32(out, at + 4) : 0;
        int result = apply(out, at, type, v, 0, p);
        if (!restores || result != OK) {
            return result;
        }
        if (!linked || next != LD_R2 && next != NOP && next != CROR_15 && next != CROR_31) {
            return LACKS_NOP;
        }
        LE.put32(out, at + 4, LD_R2);
        return OK;
    }

    /// What old compilers wrote for `nop` behind a call.
    private static final int CROR_15 = 0x4def_7b82;
    private static final int CROR_31 = 0x4fff_fb82;

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
            case R_PPC64_ADDR64, R_PPC64_UADDR64, R_PPC64_ADDR64_LOCAL, R_PPC64_REL64, R_PPC64_TOC, R_PPC64_PLTCALL -> 8;
            case R_PPC64_ADDR32, R_PPC64_UADDR32, R_PPC64_REL32, R_PPC64_REL24, R_PPC64_REL24_NOTOC, R_PPC64_REL24_P9NOTOC, R_PPC64_REL14,
                    R_PPC64_REL14_BRTAKEN, R_PPC64_REL14_BRNTAKEN, R_PPC64_ADDR24, R_PPC64_ADDR14, R_PPC64_ADDR14_BRTAKEN, R_PPC64_ADDR14_BRNTAKEN,
                    R_PPC64_REL16DX_HA, R_PPC64_PLTCALL_NOTOC, R_PPC64_PLTSEQ, R_PPC64_PLTSEQ_NOTOC, R_PPC64_PLT16_HA, R_PPC64_PLT16_LO, R_PPC64_PLT16_LO_DS -> 4;
            default -> Ppc64Prefixed.is(type) ? 8 : 2;
        };
    }

    @Override
    public int apply(byte[] out, int at, int type, long s, long a, long p) {
        long x = s + a;
        return switch (type) {
            case R_PPC64_REL24, R_PPC64_REL24_NOTOC, R_PPC64_REL24_P9NOTOC -> call(out, at, x, p);
            case R_PPC64_ADDR64, R_PPC64_UADDR64, R_PPC64_ADDR64_LOCAL -> {
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
            case R_PPC64_TOC16, R_PPC64_TOC16_LO, R_PPC64_TOC16_HI, R_PPC64_TOC16_HA, R_PPC64_TOC16_DS, R_PPC64_TOC16_LO_DS, R_PPC64_TOC,
                    R_PPC64_GOT16_HA, R_PPC64_GOT16_LO_DS, R_PPC64_GOT16_DS, R_PPC64_GOT16, R_PPC64_GOT16_LO, R_PPC64_GOT16_HI -> NEEDS_GOT;
            case R_PPC64_ENTRY, R_PPC64_PCREL_OPT -> NEEDS_GOT;
            case R_PPC64_NONE, R_PPC64_TOCSAVE -> OK; // they mark what a linker may shorten
            case R_PPC64_REL16, R_PPC64_REL16_LO, R_PPC64_REL16_HI, R_PPC64_REL16_HA, R_PPC64_REL16_HIGH, R_PPC64_REL16_HIGHA, R_PPC64_REL16_HIGHER,
                    R_PPC64_REL16_HIGHERA, R_PPC64_REL16_HIGHEST, R_PPC64_REL16_HIGHESTA -> relativeHalf(out, at, type, x - p);
            default -> Ppc64Prefixed.is(type) ? Ppc64Prefixed.apply(out, at, type, x, p) : rarely(out, at, type, x, p);
        };
    }

    private static int call(byte[] out, int at, long x, long p) {
        if (x == 0) { // undefined and weak: nothing is called
            LE.put32(out, at, NOP);
            return OK;
        }
        return branch(out, at, x - p, 26);
    }

    private static int rarely(byte[] out, int at, int type, long x, long p) {
        return switch (type) {
            case R_PPC64_REL14 -> branch(out, at, x - p, 16);
            case R_PPC64_REL14_BRTAKEN, R_PPC64_REL14_BRNTAKEN -> {
                predict(out, at, type == R_PPC64_REL14_BRTAKEN);
                yield branch(out, at, x - p, 16);
            }
            case R_PPC64_ADDR14 -> branch(out, at, x, 16);
            case R_PPC64_ADDR14_BRTAKEN, R_PPC64_ADDR14_BRNTAKEN -> {
                predict(out, at, type == R_PPC64_ADDR14_BRTAKEN);
                yield branch(out, at, x, 16);
            }
            case R_PPC64_ADDR24 -> {
                int signed = branch(out, at, x, 26);
                yield signed == OVERFLOW && (x >> 26 == 0 || x >> 26 == -1) ? OK : signed; // a negative one may lose its sign
            }
            case R_PPC64_REL16DX_HA -> {
                long high = x - p + 0x8000 >> 16;
                LE.put32(out, at, LE.i32(out, at) & ~0x1f_ffc1 | (int) high & 0xffc1 | ((int) high & 0x3e) << 15); // addpcis
                yield high == (short) high ? OK : OVERFLOW;
            }
            // a call by way of a table of addresses becomes one that needs none
            case R_PPC64_PLT16_HA, R_PPC64_PLT16_LO, R_PPC64_PLT16_LO_DS, R_PPC64_PLTSEQ, R_PPC64_PLTSEQ_NOTOC -> {
                LE.put32(out, at, NOP);
                yield OK;
            }
            case R_PPC64_PLTCALL, R_PPC64_PLTCALL_NOTOC -> {
                LE.put32(out, at, 0x4800_0000 | LE.i32(out, at) & 1);
                if (type == R_PPC64_PLTCALL) {
                    LE.put32(out, at + 4, NOP);
                }
                yield call(out, at, x, p);
            }
            default -> half(out, at, type, x, p);
        };
    }

    /// Writes a hint where the instruction has bits for one (Power ISA, "Branch Instructions": BO is 001at, 011at, 1a00t or 1a01t).
    private static void predict(byte[] out, int at, boolean taken) {
        int insn = LE.i32(out, at) & ~(1 << 21) | (taken ? 1 << 21 : 0);
        int form = insn & 0x14 << 21;
        if (form == 0x04 << 21 || form == 0x10 << 21) {
            LE.put32(out, at, insn | (form == 0x04 << 21 ? 0x02 << 21 : 0x08 << 21));
        }
    }

    private static int relativeHalf(byte[] out, int at, int type, long d) {
        return switch (type) {
            case R_PPC64_REL16_HA -> high(out, at, d + 0x8000);
            case R_PPC64_REL16_HI -> high(out, at, d);
            case R_PPC64_REL16_HIGH -> put16(out, at, d >> 16, false);
            case R_PPC64_REL16_HIGHA -> put16(out, at, d + 0x8000 >> 16, false);
            case R_PPC64_REL16_HIGHER -> put16(out, at, d >> 32, false);
            case R_PPC64_REL16_HIGHERA -> put16(out, at, d + 0x8000 >> 32, false);
            case R_PPC64_REL16_HIGHEST -> put16(out, at, d >> 48, false);
            case R_PPC64_REL16_HIGHESTA -> put16(out, at, d + 0x8000 >> 48, false);
            default -> put16(out, at, d, type == R_PPC64_REL16);
        };
    }

    private static int half(byte[] out, int at, int type, long x, long p) {
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
            default -> Ppc64Prefixed.half(out, at, type, x, p);
        };
    }

    /// Bits 16 to 31 of a value that must be a signed word.
    static int high(byte[] out, int at, long x) {
        LE.put16(out, at, (int) (x >> 16));
        return x == (int) x ? OK : OVERFLOW;
    }

    static int put16(byte[] out, int at, long x, boolean check) {
        LE.put16(out, at, (int) x);
        return !check || x == (short) x ? OK : OVERFLOW;
    }

    /// The displacement of a load or store whose low bits belong to the opcode: two of them, four with vector registers (DS and
    /// DQ forms; Power ISA, "Instruction Formats").
    static int multiple(byte[] out, int at, long x, boolean check) {
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
        return switch (type) {
            case R_PPC64_REL24, R_PPC64_REL24_NOTOC, R_PPC64_REL24_P9NOTOC, R_PPC64_PLTCALL, R_PPC64_PLTCALL_NOTOC -> REACH;
            case R_PPC64_REL14, R_PPC64_REL14_BRTAKEN, R_PPC64_REL14_BRNTAKEN -> SHORT_REACH;
            default -> 0;
        };
    }

    @Override
    public long leastReach() {
        return REACH;
    }

    @Override
    public boolean helpsNear() {
        return true;
    }

    /// A conditional branch gets one that changes no register, unless that is too far: it may be in the middle of a function.
    @Override
    public int veneerKind(int type, long target, int entry, long p) {
        if (isPlain(type)) {
            return Ppc64Veneers.PLACE_BRANCH;
        }
        if (entry == NO_CONTENTS) {
            return Ppc64Veneers.ADDRESS_BRANCH | Ppc64Veneers.SAVES;
        }
        return isConditional(type) && Math.abs(target - p) < REACH - (1 << 20) ? Ppc64Veneers.LONG_BRANCH : Ppc64Veneers.ADDRESS_BRANCH;
    }

    @Override
    public boolean veneerServes(int kind, int type, long target, int entry, long p) {
        return (kind & COPY) != 0 || (isPlain(type) ? Ppc64Veneers.servesPlain(kind) : Ppc64Veneers.servesContents(kind) && (kind & Ppc64Veneers.SAVES) != 0 == (entry == NO_CONTENTS));
    }

    @Override
    public boolean veneerTells(int kind) {
        return kind != Ppc64Veneers.LONG_BRANCH;
    }

    @Override
    public int veneerEntry(int kind, int type) {
        return isPlain(type) && (kind & COPY) == 0 ? Ppc64Veneers.saved(kind) : 0;
    }

    @Override
    public boolean isConditional(int type) {
        return type == R_PPC64_REL14 || type == R_PPC64_REL14_BRTAKEN || type == R_PPC64_REL14_BRNTAKEN;
    }

    @Override
    public boolean isPrefixed(int type) {
        return Ppc64Prefixed.is(type);
    }

    @Override
    public boolean groupsVeneers() {
        return true;
    }

    @Override
    public int veneerSize(int kind) {
        return (kind & COPY) != 0 ? copySize(kind) : Ppc64Veneers.size(kind);
    }

    @Override
    public boolean veneerReaches(int kind, long p, long target, long toc) {
        return (kind & COPY) != 0 || Ppc64Veneers.reaches(kind, p, target, toc);
    }

    /// GNU ld writes the number of the group of sections that share veneers, then this for what loads the target from a table.
    @Override
    public String veneerName(int kind, String target, long mode, int type, int section) {
        return HexFormat.of().toHexDigits(section) + ((kind & COPY) != 0 ? "." : Ppc64Veneers.isLong(kind) ? ".long_branch." : ".plt_branch.") + target;
    }

    @Override
    public void writeVeneer(int kind, byte[] out, int at, long p, long target, long toc) {
        Ppc64Veneers.write(kind, out, at, p, target, toc);
    }
}
