package klink.inspect;

import klink.mem.LE;

/// A relocation type of AAELF64 ("Static AArch64 relocations") as data. An arm64 kernel has twenty of them in 830,000
/// sites; ABS64, CALL26, PREL32 and the pairs of ADRP with the low 12 bits are most.
///
/// Many fields are part of an instruction, and tell part of an address: ADRP gives the page, ADD and the loads the
/// place within it.
///
/// @param suffix the name without its `R_AARCH64_`
/// @param field  where the bits are
/// @param of     what is worked out
/// @param group  which 16 bits of the result a MOVZ, MOVN or MOVK takes; log2 of what a load takes
/// @param check  which results are allowed
record Arm64Relocation(String suffix, Field field, Of of, int group, Check check) implements SiteType {
    enum Field { NONE, DATA64, DATA32, DATA16, BRANCH26, BRANCH19, BRANCH14, ADR, IMM12, MOVK, MOVZ }

    /// X, X - P, Page(X) - Page(P), the low 12 bits of X, X - Page(the global offset table).
    enum Of { ABSOLUTE, PLACE, PAGE, LOW, TABLE }

    /// Nothing; -2^(n-1) <= r < 2^(n-1); the same or below 2^n; 0 <= r < 2^n: n follows from field and group.
    enum Check { ANY, SIGNED, EITHER, UNSIGNED }

    static final int ADR_GOT_PAGE = 311;
    static final int LD64_GOT_LO12_NC = 312;
    static final int LD64_GOTPAGE_LO15 = 313;
    static final int GOT_LD_PREL19 = 309;
    private static final int FIRST_MOVE = 263;
    private static final int FIRST_PLACE_MOVE = 287;

    static Arm64Relocation of(int number) {
        return switch (number) {
            case 0, 256 -> new Arm64Relocation("NONE", Field.NONE, Of.ABSOLUTE, 0, Check.ANY);
            case 257 -> data("ABS64", Field.DATA64, Of.ABSOLUTE, Check.ANY);
            case 258 -> data("ABS32", Field.DATA32, Of.ABSOLUTE, Check.EITHER);
            case 259 -> data("ABS16", Field.DATA16, Of.ABSOLUTE, Check.EITHER);
            case 260 -> data("PREL64", Field.DATA64, Of.PLACE, Check.ANY);
            case 261 -> data("PREL32", Field.DATA32, Of.PLACE, Check.EITHER);
            case 262 -> data("PREL16", Field.DATA16, Of.PLACE, Check.EITHER);
            case 314 -> data("PLT32", Field.DATA32, Of.PLACE, Check.SIGNED);
            case 273 -> data("LD_PREL_LO19", Field.BRANCH19, Of.PLACE, Check.SIGNED);
            case 274 -> data("ADR_PREL_LO21", Field.ADR, Of.PLACE, Check.SIGNED);
            case 275 -> data("ADR_PREL_PG_HI21", Field.ADR, Of.PAGE, Check.SIGNED);
            case 276 -> data("ADR_PREL_PG_HI21_NC", Field.ADR, Of.PAGE, Check.ANY);
            case 277 -> new Arm64Relocation("ADD_ABS_LO12_NC", Field.IMM12, Of.LOW, 0, Check.ANY);
            case 278 -> new Arm64Relocation("LDST8_ABS_LO12_NC", Field.IMM12, Of.LOW, 0, Check.ANY);
            case 284 -> new Arm64Relocation("LDST16_ABS_LO12_NC", Field.IMM12, Of.LOW, 1, Check.ANY);
            case 285 -> new Arm64Relocation("LDST32_ABS_LO12_NC", Field.IMM12, Of.LOW, 2, Check.ANY);
            case 286 -> new Arm64Relocation("LDST64_ABS_LO12_NC", Field.IMM12, Of.LOW, 3, Check.ANY);
            case 299 -> new Arm64Relocation("LDST128_ABS_LO12_NC", Field.IMM12, Of.LOW, 4, Check.ANY);
            case 279 -> data("TSTBR14", Field.BRANCH14, Of.PLACE, Check.SIGNED);
            case 280 -> data("CONDBR19", Field.BRANCH19, Of.PLACE, Check.SIGNED);
            case 282 -> data("JUMP26", Field.BRANCH26, Of.PLACE, Check.SIGNED);
            case 283 -> data("CALL26", Field.BRANCH26, Of.PLACE, Check.SIGNED);
            case GOT_LD_PREL19 -> data("GOT_LD_PREL19", Field.BRANCH19, Of.PLACE, Check.SIGNED);
            case ADR_GOT_PAGE -> data("ADR_GOT_PAGE", Field.ADR, Of.PAGE, Check.SIGNED);
            case LD64_GOT_LO12_NC -> new Arm64Relocation("LD64_GOT_LO12_NC", Field.IMM12, Of.LOW, 3, Check.ANY);
            case LD64_GOTPAGE_LO15 -> new Arm64Relocation("LD64_GOTPAGE_LO15", Field.IMM12, Of.TABLE, 3, Check.ANY);
            default -> number >= FIRST_MOVE && number < FIRST_MOVE + 10 ? move(number - FIRST_MOVE)
                    : number >= FIRST_PLACE_MOVE && number < FIRST_PLACE_MOVE + 7 ? placeMove(number - FIRST_PLACE_MOVE) : null;
        };
    }

    private static Arm64Relocation data(String name, Field field, Of of, Check check) {
        return new Arm64Relocation(name, field, of, 0, check);
    }

    /// MOVW_UABS_G0, G0_NC, G1, G1_NC, G2, G2_NC, G3, then MOVW_SABS_G0, G1, G2.
    private static Arm64Relocation move(int i) {
        if (i >= 7) {
            return new Arm64Relocation("MOVW_SABS_G" + (i - 7), Field.MOVZ, Of.ABSOLUTE, i - 7, Check.SIGNED);
        }
        boolean checked = i % 2 == 0 && i != 6;
        return new Arm64Relocation("MOVW_UABS_G" + i / 2 + (i % 2 == 0 ? "" : "_NC"), Field.MOVK, Of.ABSOLUTE, i / 2, checked ? Check.UNSIGNED : Check.ANY);
    }

    /// MOVW_PREL_G0, G0_NC, G1, G1_NC, G2, G2_NC, G3: what is checked may become MOVN.
    private static Arm64Relocation placeMove(int i) {
        String name = "MOVW_PREL_G" + i / 2 + (i % 2 == 0 ? "" : "_NC");
        return new Arm64Relocation(name, i % 2 == 0 ? Field.MOVZ : Field.MOVK, Of.PLACE, i / 2, i % 2 == 0 && i != 6 ? Check.SIGNED : Check.ANY);
    }

    @Override
    public String name() {
        return "R_AARCH64_" + suffix;
    }

    @Override
    public int width() {
        return switch (field) {
            case NONE -> 0;
            case DATA64 -> 8;
            case DATA16 -> 2;
            default -> 4;
        };
    }

    @Override
    public boolean throughGot() {
        return suffix.contains("GOT");
    }

    @Override
    public boolean isWholeAddress() {
        return field == Field.DATA64 && of == Of.ABSOLUTE;
    }

    boolean isInstruction() {
        return switch (field) {
            case NONE, DATA64, DATA32, DATA16 -> false;
            default -> true;
        };
    }

    /// Whether a veneer may stand between the place and its target (AAELF64, "Call and Jump relocations").
    boolean mayHaveVeneer() {
        return field == Field.BRANCH26;
    }

    boolean isBranch() {
        return field == Field.BRANCH26 || field == Field.BRANCH14 || suffix.equals("CONDBR19");
    }

    @Override
    public long result(long x, long p) {
        return switch (of) {
            case ABSOLUTE, TABLE -> x;
            case PLACE -> x - p;
            case PAGE -> (x & -0x1000L) - (p & -0x1000L);
            case LOW -> x & 0xfff;
        };
    }

    /// Bits of a result that is checked.
    private int bits() {
        return switch (field) {
            case BRANCH26 -> 28;
            case BRANCH19 -> 21;
            case BRANCH14 -> 16;
            case ADR -> of == Of.PAGE ? 33 : 21;
            case MOVK -> 16 * group + 16;
            case MOVZ -> 16 * group + 17;
            default -> 8 * width();
        };
    }

    @Override
    public boolean fits(long r) {
        boolean whole = switch (field) {
            case BRANCH26, BRANCH19, BRANCH14 -> (r & 3) == 0;
            case IMM12 -> (r & (1L << group) - 1) == 0;
            default -> true;
        };
        int n = bits();
        boolean signed = r << 64 - n >> 64 - n == r;
        return whole && switch (check) {
            case ANY -> true;
            case SIGNED -> signed;
            case EITHER -> signed || r >>> n == 0;
            case UNSIGNED -> n == 64 || r >>> n == 0;
        };
    }

    @Override
    public long truncate(long r) {
        return switch (field) {
            case NONE -> 0;
            case DATA64 -> r;
            case DATA32 -> r & 0xffff_ffffL;
            case DATA16 -> r & 0xffff;
            case BRANCH26 -> r >> 2 & 0x3ff_ffff;
            case BRANCH19 -> r >> 2 & 0x7_ffff;
            case BRANCH14 -> r >> 2 & 0x3fff;
            case ADR -> (of == Of.PAGE ? r >> 12 : r) & 0x1f_ffff;
            case IMM12 -> r >> group & 0xfff;
            case MOVK -> r >> 16 * group & 0xffff;
            case MOVZ -> r < 0 ? ~r >> 16 * group & 0xffff : 0x2_0000 | r >> 16 * group & 0xffff;
        };
    }

    @Override
    public long read(byte[] b, int at) {
        if (field == Field.NONE) {
            return 0;
        }
        if (!isInstruction()) {
            return field == Field.DATA64 ? LE.i64(b, at) : field == Field.DATA32 ? LE.u32(b, at) : LE.u16(b, at);
        }
        int i = LE.i32(b, at);
        return switch (field) {
            case BRANCH26 -> i & 0x3ff_ffff;
            case BRANCH19 -> i >>> 5 & 0x7_ffff;
            case BRANCH14 -> i >>> 5 & 0x3fff;
            case ADR -> (i >>> 5 & 0x7_ffff) << 2 | i >>> 29 & 3;
            case IMM12 -> i >>> 10 & 0xfff;
            case MOVK -> i >>> 5 & 0xffff;
            default -> (i >>> 29 & 3) << 16 | i >>> 5 & 0xffff;
        };
    }

    @Override
    public void write(byte[] b, int at, long raw) {
        switch (field) {
            case NONE -> { }
            case DATA64 -> LE.put64(b, at, raw);
            case DATA32 -> LE.put32(b, at, (int) raw);
            case DATA16 -> LE.put16(b, at, (int) raw);
            case BRANCH26 -> put(b, at, 0x3ff_ffff, raw);
            case BRANCH19 -> put(b, at, 0x7_ffff << 5, raw << 5);
            case BRANCH14 -> put(b, at, 0x3fff << 5, raw << 5);
            case ADR -> put(b, at, 0x7_ffff << 5 | 3 << 29, raw >> 2 << 5 | (raw & 3) << 29);
            case IMM12 -> put(b, at, 0xfff << 10, raw << 10);
            case MOVK -> put(b, at, 0xffff << 5, raw << 5);
            case MOVZ -> put(b, at, 0xffff << 5 | 3 << 29, (raw & 0xffff) << 5 | raw >> 16 << 29);
        }
    }

    private static void put(byte[] b, int at, int mask, long bits) {
        LE.put32(b, at, LE.i32(b, at) & ~mask | (int) bits & mask);
    }

    @Override
    public long known() {
        return field == Field.MOVK || field == Field.MOVZ ? 0 : switch (of) {
            case ABSOLUTE, PLACE, TABLE -> -1;
            case PAGE -> -0x1000;
            case LOW -> 0xfff;
        };
    }

    @Override
    public long target(long raw, long p) {
        long r = switch (field) {
            case DATA32 -> (int) raw;
            case DATA16 -> (short) raw;
            case BRANCH26 -> raw << 38 >> 36;
            case BRANCH19 -> raw << 45 >> 43;
            case BRANCH14 -> raw << 50 >> 48;
            case ADR -> of == Of.PAGE ? raw << 43 >> 43 - 12 : raw << 43 >> 43;
            case IMM12 -> raw << group;
            default -> raw;
        };
        return of == Of.PLACE ? r + p : of == Of.PAGE ? r + (p & -0x1000L) : r;
    }
}
