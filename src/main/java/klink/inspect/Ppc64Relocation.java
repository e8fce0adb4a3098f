package klink.inspect;

import klink.mem.LE;

/// A relocation type of the Power Architecture 64-Bit ELF V2 ABI ("Relocation Types") as data. A powerpc kernel has 670,000 sites of some
/// twenty types: calls, words, and pairs of halves that count from the table of contents' base.
///
/// Most fields are 16 bits, the immediate of an instruction, and hold a part of a value: the ABI writes `#lo`, `#hi`, `#ha` and so on. In
/// little-endian code the field is the instruction's first halfword.
///
/// @param suffix the name without its `R_PPC64_`
/// @param field  where the bits are
/// @param of     what is worked out
/// @param shift  how far down the part lies
/// @param adjust whether the part is rounded, as the part below it is signed
/// @param check  whether the value must fit the field, or 32 bits where the field is a part
record Ppc64Relocation(String suffix, Field field, Of of, int shift, boolean adjust, Check check) implements SiteType {
    enum Field { NONE, DATA64, DATA32, HALF, HALF_DS, BRANCH24, BRANCH14, TAKEN14, UNTAKEN14, SPLIT16, PREFIXED34, PREFIXED28, LOADED34, CALLED }

    /// X; X - P; X less the table of contents' base; that base.
    enum Of { ABSOLUTE, PLACE, CONTENTS, BASE }

    enum Check { ANY, SIGNED, EITHER }

    static Ppc64Relocation of(int number) {
        return switch (number) {
            case 0 -> whole("NONE", Field.NONE, Of.ABSOLUTE, Check.ANY);
            case 109 -> whole("TOCSAVE", Field.NONE, Of.ABSOLUTE, Check.ANY);
            case 118 -> whole("ENTRY", Field.NONE, Of.ABSOLUTE, Check.ANY);
            case 123 -> whole("PCREL_OPT", Field.NONE, Of.ABSOLUTE, Check.ANY);
            case 1 -> whole("ADDR32", Field.DATA32, Of.ABSOLUTE, Check.EITHER);
            case 24 -> whole("UADDR32", Field.DATA32, Of.ABSOLUTE, Check.EITHER);
            case 26 -> whole("REL32", Field.DATA32, Of.PLACE, Check.SIGNED);
            case 38 -> whole("ADDR64", Field.DATA64, Of.ABSOLUTE, Check.ANY);
            case 43 -> whole("UADDR64", Field.DATA64, Of.ABSOLUTE, Check.ANY);
            case 44 -> whole("REL64", Field.DATA64, Of.PLACE, Check.ANY);
            case 51 -> whole("TOC", Field.DATA64, Of.BASE, Check.ANY);
            case 10 -> whole("REL24", Field.BRANCH24, Of.PLACE, Check.SIGNED);
            case 116 -> whole("REL24_NOTOC", Field.BRANCH24, Of.PLACE, Check.SIGNED);
            case 124 -> whole("REL24_P9NOTOC", Field.BRANCH24, Of.PLACE, Check.SIGNED);
            case 11 -> whole("REL14", Field.BRANCH14, Of.PLACE, Check.SIGNED);
            case 12 -> whole("REL14_BRTAKEN", Field.TAKEN14, Of.PLACE, Check.SIGNED);
            case 13 -> whole("REL14_BRNTAKEN", Field.UNTAKEN14, Of.PLACE, Check.SIGNED);
            case 29 -> whole("PLT16_LO", Field.CALLED, Of.PLACE, Check.ANY);
            case 31 -> whole("PLT16_HA", Field.CALLED, Of.PLACE, Check.ANY);
            case 60 -> whole("PLT16_LO_DS", Field.CALLED, Of.PLACE, Check.ANY);
            case 119 -> whole("PLTSEQ", Field.CALLED, Of.PLACE, Check.ANY);
            case 120 -> whole("PLTCALL", Field.CALLED, Of.PLACE, Check.ANY);
            case 121 -> whole("PLTSEQ_NOTOC", Field.CALLED, Of.PLACE, Check.ANY);
            case 122 -> whole("PLTCALL_NOTOC", Field.CALLED, Of.PLACE, Check.ANY);
            case 134 -> whole("PLT_PCREL34", Field.CALLED, Of.PLACE, Check.ANY);
            case 135 -> whole("PLT_PCREL34_NOTOC", Field.CALLED, Of.PLACE, Check.ANY);
            case 128 -> whole("D34", Field.PREFIXED34, Of.ABSOLUTE, Check.SIGNED);
            case 129 -> whole("D34_LO", Field.PREFIXED34, Of.ABSOLUTE, Check.ANY);
            case 133 -> whole("GOT_PCREL34", Field.LOADED34, Of.PLACE, Check.SIGNED);
            case 144 -> whole("D28", Field.PREFIXED28, Of.ABSOLUTE, Check.SIGNED);
            case 145 -> whole("PCREL28", Field.PREFIXED28, Of.PLACE, Check.SIGNED);
            case 136 -> new Ppc64Relocation("ADDR16_HIGHER34", Field.HALF, Of.ABSOLUTE, 34, false, Check.ANY);
            case 138 -> new Ppc64Relocation("ADDR16_HIGHEST34", Field.HALF, Of.ABSOLUTE, 50, false, Check.ANY);
            case 140 -> new Ppc64Relocation("REL16_HIGHER34", Field.HALF, Of.PLACE, 34, false, Check.ANY);
            case 142 -> new Ppc64Relocation("REL16_HIGHEST34", Field.HALF, Of.PLACE, 50, false, Check.ANY);
            case 240 -> part("REL16_HIGH", Of.PLACE, 16, false, Check.ANY);
            case 241 -> part("REL16_HIGHA", Of.PLACE, 16, true, Check.ANY);
            case 242 -> part("REL16_HIGHER", Of.PLACE, 32, false, Check.ANY);
            case 243 -> part("REL16_HIGHERA", Of.PLACE, 32, true, Check.ANY);
            case 244 -> part("REL16_HIGHEST", Of.PLACE, 48, false, Check.ANY);
            case 245 -> part("REL16_HIGHESTA", Of.PLACE, 48, true, Check.ANY);
            case 246 -> new Ppc64Relocation("REL16DX_HA", Field.SPLIT16, Of.PLACE, 16, true, Check.SIGNED);
            case 132 -> whole("PCREL34", Field.PREFIXED34, Of.PLACE, Check.SIGNED);
            case 3 -> whole("ADDR16", Field.HALF, Of.ABSOLUTE, Check.EITHER);
            case 25 -> whole("UADDR16", Field.HALF, Of.ABSOLUTE, Check.EITHER);
            case 47 -> whole("TOC16", Field.HALF, Of.CONTENTS, Check.SIGNED);
            case 249 -> whole("REL16", Field.HALF, Of.PLACE, Check.SIGNED);
            case 56 -> whole("ADDR16_DS", Field.HALF_DS, Of.ABSOLUTE, Check.SIGNED);
            case 63 -> whole("TOC16_DS", Field.HALF_DS, Of.CONTENTS, Check.SIGNED);
            case 57 -> whole("ADDR16_LO_DS", Field.HALF_DS, Of.ABSOLUTE, Check.ANY);
            case 64 -> whole("TOC16_LO_DS", Field.HALF_DS, Of.CONTENTS, Check.ANY);
            case 4 -> whole("ADDR16_LO", Field.HALF, Of.ABSOLUTE, Check.ANY);
            case 48 -> whole("TOC16_LO", Field.HALF, Of.CONTENTS, Check.ANY);
            case 250 -> whole("REL16_LO", Field.HALF, Of.PLACE, Check.ANY);
            case 5 -> part("ADDR16_HI", Of.ABSOLUTE, 16, false, Check.SIGNED);
            case 49 -> part("TOC16_HI", Of.CONTENTS, 16, false, Check.SIGNED);
            case 251 -> part("REL16_HI", Of.PLACE, 16, false, Check.SIGNED);
            case 6 -> part("ADDR16_HA", Of.ABSOLUTE, 16, true, Check.SIGNED);
            case 50 -> part("TOC16_HA", Of.CONTENTS, 16, true, Check.SIGNED);
            case 252 -> part("REL16_HA", Of.PLACE, 16, true, Check.SIGNED);
            case 110 -> part("ADDR16_HIGH", Of.ABSOLUTE, 16, false, Check.ANY);
            case 111 -> part("ADDR16_HIGHA", Of.ABSOLUTE, 16, true, Check.ANY);
            case 39 -> part("ADDR16_HIGHER", Of.ABSOLUTE, 32, false, Check.ANY);
            case 40 -> part("ADDR16_HIGHERA", Of.ABSOLUTE, 32, true, Check.ANY);
            case 41 -> part("ADDR16_HIGHEST", Of.ABSOLUTE, 48, false, Check.ANY);
            case 42 -> part("ADDR16_HIGHESTA", Of.ABSOLUTE, 48, true, Check.ANY);
            default -> null;
        };
    }

    private static Ppc64Relocation whole(String name, Field field, Of of, Check check) {
        return new Ppc64Relocation(name, field, of, 0, false, check);
    }

    private static Ppc64Relocation part(String name, Of of, int shift, boolean adjust, Check check) {
        return new Ppc64Relocation(name, Field.HALF, of, shift, adjust, check);
    }

    @Override
    public String name() {
        return "R_PPC64_" + suffix;
    }

    @Override
    public int width() {
        return switch (field) {
            case NONE -> 0;
            case DATA64, PREFIXED34, PREFIXED28, LOADED34 -> 8;
            case CALLED -> suffix.startsWith("PLT_PCREL34") || suffix.equals("PLTCALL") ? 8 : 4;
            case HALF, HALF_DS -> 2;
            default -> 4;
        };
    }

    @Override
    public boolean throughGot() {
        return false;
    }

    @Override
    public boolean isWholeAddress() {
        return field == Field.DATA64 && of == Of.ABSOLUTE;
    }

    boolean isBranch() {
        return field == Field.BRANCH24 || field == Field.BRANCH14 || field == Field.TAKEN14 || field == Field.UNTAKEN14;
    }

    /// Whether the code that a branch is in has no table of contents, so that r2 is not its.
    boolean isPlain() {
        return suffix.contains("NOTOC");
    }

    /// Whether the site is one of a pair of instructions that count from the table of contents' base.
    boolean isFromContents() {
        return of == Of.CONTENTS;
    }

    @Override
    public long result(long x, long p) {
        return of == Of.PLACE ? x - p : x;
    }

    @Override
    public boolean fits(long r) {
        boolean whole = !isBranch() || (r & 3) == 0;
        int n = shift != 0 ? 32 : field == Field.BRANCH24 ? 26 : isBranch() ? 16 : field == Field.PREFIXED34 || field == Field.LOADED34 ? 34 : field == Field.PREFIXED28 ? 28 : 8 * width();
        long v = adjust ? r + 0x8000 : r;
        boolean signed = v << 64 - n >> 64 - n == v;
        return whole && (check == Check.ANY || signed || check == Check.EITHER && v >>> n == 0);
    }

    @Override
    public long truncate(long r) {
        return switch (field) {
            case NONE -> 0;
            case DATA64 -> r;
            case DATA32 -> r & 0xffff_ffffL;
            case HALF -> (adjust ? r + 0x8000 : r) >> shift & 0xffff;
            case HALF_DS -> r & 0xfffc;
            case BRANCH24 -> r & 0x3ff_fffc;
            case BRANCH14, TAKEN14, UNTAKEN14 -> r & 0xfffc;
            case SPLIT16 -> r + 0x8000 >> 16 & 0xffff;
            case CALLED -> 0;
            case PREFIXED28 -> r & 0xfff_ffffL;
            case PREFIXED34, LOADED34 -> r & 0x3_ffff_ffffL;
        };
    }

    /// A conditional branch with its hint: the bits `at` of BO, where it has such (Power ISA, "Branch Instructions").
    private int hinted(int insn) {
        int bo = insn >>> 21 & 31;
        int hint = (bo & 0b10100) == 0b00100 ? 0b00010 : (bo & 0b10100) == 0b10000 ? 0b01000 : 0;
        return hint == 0 ? insn : insn & ~(1 << 21) | (field == Field.TAKEN14 ? 1 << 21 : 0) | hint << 21;
    }

    /// The displacement's bits of a load or a store: of vector registers all but four (DQ form), else all but two (DS form).
    private static int mask(byte[] b, int at) {
        int opcode = at + 4 <= b.length ? LE.i32(b, at) >>> 26 : 0;
        return opcode == 56 || opcode == 61 && (b[at] & 3) == 1 ? 0xfff0 : 0xfffc;
    }

    @Override
    public long read(byte[] b, int at) {
        return switch (field) {
            case NONE -> 0;
            case DATA64 -> LE.i64(b, at);
            case DATA32 -> LE.u32(b, at);
            case HALF -> LE.u16(b, at);
            case HALF_DS -> LE.u16(b, at) & mask(b, at);
            case BRANCH24 -> LE.i32(b, at) & 0x3ff_fffc;
            case BRANCH14, TAKEN14, UNTAKEN14 -> LE.i32(b, at) & 0xfffc;
            case SPLIT16 -> LE.i32(b, at) & 0xffc1 | LE.i32(b, at) >> 15 & 0x3e;
            case CALLED -> 0;
            case PREFIXED28 -> (LE.i32(b, at) & 0xfffL) << 16 | LE.i32(b, at + 4) & 0xffff;
            case PREFIXED34, LOADED34 -> (LE.i32(b, at) & 0x3_ffffL) << 16 | LE.i32(b, at + 4) & 0xffff;
        };
    }

    @Override
    public void write(byte[] b, int at, long raw) {
        switch (field) {
            case NONE -> { }
            case DATA64 -> LE.put64(b, at, raw);
            case DATA32 -> LE.put32(b, at, (int) raw);
            case HALF -> LE.put16(b, at, (int) raw);
            case HALF_DS -> LE.put16(b, at, LE.u16(b, at) & ~mask(b, at) | (int) raw & mask(b, at));
            case BRANCH24 -> LE.put32(b, at, LE.i32(b, at) & ~0x3ff_fffc | (int) raw);
            case BRANCH14 -> LE.put32(b, at, LE.i32(b, at) & ~0xfffc | (int) raw);
            case TAKEN14, UNTAKEN14 -> LE.put32(b, at, hinted(LE.i32(b, at) & ~0xfffc | (int) raw));
            case SPLIT16 -> LE.put32(b, at, LE.i32(b, at) & ~0x1f_ffc1 | (int) raw & 0xffc1 | ((int) raw & 0x3e) << 15);
            case CALLED -> { }
            case PREFIXED28 -> {
                LE.put32(b, at, LE.i32(b, at) & ~0xfff | (int) (raw >> 16) & 0xfff);
                LE.put32(b, at + 4, LE.i32(b, at + 4) & ~0xffff | (int) raw & 0xffff);
            }
            case PREFIXED34, LOADED34 -> {
                LE.put32(b, at, LE.i32(b, at) & ~0x3_ffff | (int) (raw >> 16) & 0x3_ffff);
                LE.put32(b, at + 4, LE.i32(b, at + 4) & ~0xffff | (int) raw & 0xffff);
            }
        }
    }

    @Override
    public long known() {
        return switch (field) {
            case DATA64, DATA32, PREFIXED34, LOADED34 -> -1;
            default -> 0;
        };
    }

    @Override
    public long target(long raw, long p) {
        long r = field == Field.DATA32 ? (int) raw : field == Field.PREFIXED34 || field == Field.LOADED34 ? raw << 30 >> 30 : raw;
        return of == Of.PLACE ? r + p : r;
    }
}
