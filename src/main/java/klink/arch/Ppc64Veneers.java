package klink.arch;

import klink.mem.LE;

/// The forms of powerpc veneers. Those that stand before groups of sections are GNU ld's, byte for byte; klink's own stand behind sections of a larger image,
/// and need no table.
///
/// What a form begins with depends on who calls and who is called (ELF V2 ABI, "Function Call Linkage Protocols"). Code that counts from r2 calls as if
/// nobody changed that: a function that keeps no r2 is called by a veneer that saves it ([#SAVES]), and the call is followed by the load that restores it. Code that
/// has no r2 calls by an address in r12, which a global entry point computes r2 from.
public final class Ppc64Veneers {
    /// klink's: `addis r12,r2,target@toc@ha; addi r12,r12,target@toc@l; mtctr r12; bctr`. It goes to the global entry point, with r12 as that wants it.
    static final int ADDRESS_BRANCH = 0;
    /// `b target`.
    public static final int LONG_BRANCH = 1;
    /// `addis r12,r2,word@toc@ha; ld r12,word@toc@l(r12); mtctr r12; bctr`, where a word of `.branch_lt` holds the target.
    public static final int WORD_BRANCH = 2;
    /// The same without the first, as the word is near.
    public static final int NEAR_WORD_BRANCH = 3;
    /// klink's, for code that has no r2: `pla r12,target; mtctr r12; bctr`, and room to keep the first off the end of 64 bytes.
    public static final int PLACE_BRANCH = 4;
    /// `pla r12,target; b target`.
    public static final int PLACE_LONG = 5;
    /// The same behind `nop`, as the instruction of two words is to be aligned.
    public static final int PLACE_LONG_ODD = 6;
    /// `pla r12,target; mtctr r12; bctr`.
    public static final int PLACE_FAR = 7;
    /// Where no object has Power10 code: `mflr r12; bcl 20,31,.+4; mflr r11; mtlr r12; addi r12,r11,target; b target`.
    public static final int LINK_NEAR = 8;
    /// The same with `addis` too.
    public static final int LINK_LONG = 9;
    /// The same with `mtctr r12; bctr` for the branch.
    public static final int LINK_FAR = 10;
    /// Or-ed: behind `std r2,24(r1)`.
    public static final int SAVES = 16;

    private static final int[] SIZE = {16, 4, 16, 12, 20, 12, 16, 16, 24, 28, 32};

    static final int NOP = 0x6000_0000;
    /// Relative to itself: of a load or store, and of one that otherwise has no prefix.
    static final int PREFIX_8LS = 1 << 26 | 1 << 20;
    static final int PREFIX_MLS = 1 << 26 | 2 << 24 | 1 << 20;

    private static final int STD_R2 = 0xf841_0018;
    static final int LD_R2 = 0xe841_0018;
    private static final int MTCTR_R12 = 0x7d89_03a6;
    private static final int BCTR = 0x4e80_0420;
    private static final int ADDIS_R12_R2 = 0x3d82_0000;
    private static final int ADDI_R12_R12 = 0x398c_0000;

    private Ppc64Veneers() {}

    /// Bytes, a multiple of 4.
    public static int size(int kind) {
        return SIZE[kind & 15] + saved(kind);
    }

    /// Bytes of what saves r2: a caller that has none skips them.
    static int saved(int kind) {
        return (kind & SAVES) != 0 ? 4 : 0;
    }

    /// Whether code that has no r2 can go there.
    static boolean servesPlain(int kind) {
        return (kind & 15) >= PLACE_BRANCH;
    }

    /// Whether code that counts from r2 can.
    static boolean servesContents(int kind) {
        return (kind & 15) < PLACE_BRANCH || (kind & 15) >= LINK_NEAR;
    }

    /// Whether it is one that a branch ends, which reaches 32 MiB.
    public static boolean isLong(int kind) {
        return switch (kind & 15) {
            case LONG_BRANCH, PLACE_LONG, PLACE_LONG_ODD, LINK_NEAR, LINK_LONG -> true;
            default -> false;
        };
    }

    /// Whether it is told its target, and not the address of a word.
    public static boolean isDirect(int kind) {
        return (kind & 15) != WORD_BRANCH && (kind & 15) != NEAR_WORD_BRANCH;
    }

    static boolean reaches(int kind, long p, long target, long toc) {
        long d = target - p - saved(kind);
        boolean near = !isLong(kind) || d - (size(kind) - saved(kind) - 4) + (1 << 25) >>> 26 == 0;
        return near && switch (kind & 15) {
            case LONG_BRANCH -> true;
            case PLACE_BRANCH, PLACE_LONG, PLACE_LONG_ODD, PLACE_FAR -> d << 30 >> 30 == d;
            case LINK_NEAR, LINK_LONG, LINK_FAR -> isWord(d - 8 + 0x8000);
            default -> isWord(target - toc + 0x8000);
        };
    }

    private static boolean isWord(long d) {
        return d == (int) d;
    }

    /// Writes one that stands at `p`.
    /// @param target where it goes, or the address of the word that says so
    static void write(int kind, byte[] out, int at, long p, long target, long toc) {
        int next = at;
        if ((kind & SAVES) != 0) {
            LE.put32(out, next, STD_R2);
            next += 4;
        }
        switch (kind & 15) {
            case LONG_BRANCH -> { }
            case PLACE_BRANCH -> {
                LE.put32(out, next + 16, NOP);
                next = place(out, next, (p & 63) == 60, p, target);
            }
            case PLACE_LONG, PLACE_LONG_ODD, PLACE_FAR -> next = place(out, next, (kind & 15) == PLACE_LONG_ODD, p, target);
            case LINK_NEAR, LINK_LONG, LINK_FAR -> next = link(kind & 15, out, next, target - p - saved(kind) - 8);
            case ADDRESS_BRANCH -> next = high(out, next, target - toc, ADDI_R12_R12);
            case WORD_BRANCH -> next = high(out, next, target - toc, 0xe98c_0000); // ld r12,..(r12)
            default -> {
                LE.put32(out, next, 0xe982_0000 | (int) (target - toc) & 0xffff); // ld r12,..(r2)
                next += 4;
            }
        }
        if (isLong(kind)) {
            LE.put32(out, next, 0x4800_0000 | (int) (target - p - (next - at)) & 0x3ff_fffc);
        } else {
            LE.put32(out, next, MTCTR_R12);
            LE.put32(out, next + 4, BCTR);
        }
    }

    private static int place(byte[] out, int at, boolean odd, long p, long target) {
        int next = at;
        if (odd) {
            LE.put32(out, next, NOP);
            next += 4;
        }
        long d = target - p - (next - at);
        LE.put32(out, next, PREFIX_MLS | (int) (d >> 16) & 0x3_ffff);
        LE.put32(out, next + 4, 0x3980_0000 | (int) d & 0xffff);
        return next + 8;
    }

    private static int high(byte[] out, int at, long d, int low) {
        LE.put32(out, at, ADDIS_R12_R2 | (int) (d + 0x8000 >> 16) & 0xffff);
        LE.put32(out, at + 4, low | (int) d & 0xffff);
        return at + 8;
    }

    /// @param d from what the link register has after `bcl`
    private static int link(int form, byte[] out, int at, long d) {
        LE.put32(out, at, 0x7d88_02a6); // mflr r12
        LE.put32(out, at + 4, 0x429f_0005);
        LE.put32(out, at + 8, 0x7d68_02a6); // mflr r11
        LE.put32(out, at + 12, 0x7d88_03a6);
        if (form == LINK_NEAR) {
            LE.put32(out, at + 16, 0x398b_0000 | (int) d & 0xffff); // addi r12,r11
            return at + 20;
        }
        LE.put32(out, at + 16, 0x3d8b_0000 | (int) (d + 0x8000 >> 16) & 0xffff); // addis r12,r11
        LE.put32(out, at + 20, ADDI_R12_R12 | (int) d & 0xffff);
        return at + 24;
    }
}
