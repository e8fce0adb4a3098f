package klink.elf;

/// 64-bit PowerPC relocation types, spelled as in the Power Architecture 64-Bit ELF V2 ABI ("Relocation Types").
public final class Ppc64 {
    /// The bits of e_flags that name the ABI: 2 for the second, 0 where nothing depends on it.
    public static final int EF_PPC64_ABI = 3;

    public static final int R_PPC64_NONE = 0;
    public static final int R_PPC64_ADDR32 = 1;
    public static final int R_PPC64_ADDR24 = 2;
    public static final int R_PPC64_ADDR16 = 3;
    public static final int R_PPC64_ADDR16_LO = 4;
    public static final int R_PPC64_ADDR16_HI = 5;
    public static final int R_PPC64_ADDR16_HA = 6;
    public static final int R_PPC64_ADDR14 = 7;
    public static final int R_PPC64_ADDR14_BRTAKEN = 8;
    public static final int R_PPC64_ADDR14_BRNTAKEN = 9;
    public static final int R_PPC64_REL24 = 10;
    public static final int R_PPC64_REL14 = 11;
    public static final int R_PPC64_REL14_BRTAKEN = 12;
    public static final int R_PPC64_REL14_BRNTAKEN = 13;
    public static final int R_PPC64_GOT16 = 14;
    public static final int R_PPC64_GOT16_LO = 15;
    public static final int R_PPC64_GOT16_HI = 16;
    public static final int R_PPC64_GOT16_HA = 17;
    public static final int R_PPC64_RELATIVE = 22;
    public static final int R_PPC64_UADDR32 = 24;
    public static final int R_PPC64_UADDR16 = 25;
    public static final int R_PPC64_REL32 = 26;
    public static final int R_PPC64_PLT16_LO = 29;
    public static final int R_PPC64_PLT16_HI = 30;
    public static final int R_PPC64_PLT16_HA = 31;
    public static final int R_PPC64_ADDR64 = 38;
    public static final int R_PPC64_ADDR16_HIGHER = 39;
    public static final int R_PPC64_ADDR16_HIGHERA = 40;
    public static final int R_PPC64_ADDR16_HIGHEST = 41;
    public static final int R_PPC64_ADDR16_HIGHESTA = 42;
    public static final int R_PPC64_UADDR64 = 43;
    public static final int R_PPC64_REL64 = 44;
    public static final int R_PPC64_TOC16 = 47;
    public static final int R_PPC64_TOC16_LO = 48;
    public static final int R_PPC64_TOC16_HI = 49;
    public static final int R_PPC64_TOC16_HA = 50;
    public static final int R_PPC64_TOC = 51;
    public static final int R_PPC64_ADDR16_DS = 56;
    public static final int R_PPC64_ADDR16_LO_DS = 57;
    public static final int R_PPC64_GOT16_DS = 58;
    public static final int R_PPC64_GOT16_LO_DS = 59;
    public static final int R_PPC64_PLT16_LO_DS = 60;
    public static final int R_PPC64_TOC16_DS = 63;
    public static final int R_PPC64_TOC16_LO_DS = 64;
    public static final int R_PPC64_TOCSAVE = 109;
    public static final int R_PPC64_ADDR16_HIGH = 110;
    public static final int R_PPC64_ADDR16_HIGHA = 111;
    public static final int R_PPC64_REL24_NOTOC = 116;
    public static final int R_PPC64_ADDR64_LOCAL = 117;
    public static final int R_PPC64_ENTRY = 118;
    public static final int R_PPC64_PLTSEQ = 119;
    public static final int R_PPC64_PLTCALL = 120;
    public static final int R_PPC64_PLTSEQ_NOTOC = 121;
    public static final int R_PPC64_PLTCALL_NOTOC = 122;
    public static final int R_PPC64_PCREL_OPT = 123;
    public static final int R_PPC64_REL24_P9NOTOC = 124;
    public static final int R_PPC64_D34 = 128;
    public static final int R_PPC64_D34_LO = 129;
    public static final int R_PPC64_D34_HI30 = 130;
    public static final int R_PPC64_D34_HA30 = 131;
    public static final int R_PPC64_PCREL34 = 132;
    public static final int R_PPC64_GOT_PCREL34 = 133;
    public static final int R_PPC64_PLT_PCREL34 = 134;
    public static final int R_PPC64_PLT_PCREL34_NOTOC = 135;
    public static final int R_PPC64_ADDR16_HIGHER34 = 136;
    public static final int R_PPC64_ADDR16_HIGHERA34 = 137;
    public static final int R_PPC64_ADDR16_HIGHEST34 = 138;
    public static final int R_PPC64_ADDR16_HIGHESTA34 = 139;
    public static final int R_PPC64_REL16_HIGHER34 = 140;
    public static final int R_PPC64_REL16_HIGHERA34 = 141;
    public static final int R_PPC64_REL16_HIGHEST34 = 142;
    public static final int R_PPC64_REL16_HIGHESTA34 = 143;
    public static final int R_PPC64_D28 = 144;
    public static final int R_PPC64_PCREL28 = 145;
    public static final int R_PPC64_REL16_HIGH = 240;
    public static final int R_PPC64_REL16_HIGHA = 241;
    public static final int R_PPC64_REL16_HIGHER = 242;
    public static final int R_PPC64_REL16_HIGHERA = 243;
    public static final int R_PPC64_REL16_HIGHEST = 244;
    public static final int R_PPC64_REL16_HIGHESTA = 245;
    public static final int R_PPC64_REL16DX_HA = 246;
    public static final int R_PPC64_REL16 = 249;
    public static final int R_PPC64_REL16_LO = 250;
    public static final int R_PPC64_REL16_HI = 251;
    public static final int R_PPC64_REL16_HA = 252;

    private Ppc64() {}

    /// Of [#localEntry]: there is one entry point, and the function does not keep r2, since its code has no table of contents.
    public static final int NO_CONTENTS = 1;

    /// Bytes from a function's global entry point, where r12 holds its address, to its local one, where r2 does already hold the
    /// table of contents' (ELF V2 ABI, "Symbol Table": three bits of st_other).
    public static int localEntry(int other) {
        int code = other >> 5 & 7;
        return code == 1 ? NO_CONTENTS : code < 2 || code > 6 ? 0 : 1 << code;
    }

    /// The ABI's name of a type, or `R_PPC64_<n>` for one that no kernel object has.
    public static String name(int type) {
        String n = switch (type) {
            case R_PPC64_NONE -> "NONE";
            case R_PPC64_ADDR32 -> "ADDR32";
            case R_PPC64_ADDR24 -> "ADDR24";
            case R_PPC64_ADDR16 -> "ADDR16";
            case R_PPC64_ADDR16_LO -> "ADDR16_LO";
            case R_PPC64_ADDR16_HI -> "ADDR16_HI";
            case R_PPC64_ADDR16_HA -> "ADDR16_HA";
            case R_PPC64_ADDR14 -> "ADDR14";
            case R_PPC64_ADDR14_BRTAKEN -> "ADDR14_BRTAKEN";
            case R_PPC64_ADDR14_BRNTAKEN -> "ADDR14_BRNTAKEN";
            case R_PPC64_REL24 -> "REL24";
            case R_PPC64_REL14 -> "REL14";
            case R_PPC64_REL14_BRTAKEN -> "REL14_BRTAKEN";
            case R_PPC64_REL14_BRNTAKEN -> "REL14_BRNTAKEN";
            case R_PPC64_GOT16 -> "GOT16";
            case R_PPC64_GOT16_LO -> "GOT16_LO";
            case R_PPC64_GOT16_HI -> "GOT16_HI";
            case R_PPC64_GOT16_HA -> "GOT16_HA";
            case R_PPC64_RELATIVE -> "RELATIVE";
            case R_PPC64_UADDR32 -> "UADDR32";
            case R_PPC64_UADDR16 -> "UADDR16";
            case R_PPC64_REL32 -> "REL32";
            case R_PPC64_PLT16_LO -> "PLT16_LO";
            case R_PPC64_PLT16_HI -> "PLT16_HI";
            case R_PPC64_PLT16_HA -> "PLT16_HA";
            case R_PPC64_ADDR64 -> "ADDR64";
            case R_PPC64_ADDR16_HIGHER -> "ADDR16_HIGHER";
            case R_PPC64_ADDR16_HIGHERA -> "ADDR16_HIGHERA";
            case R_PPC64_ADDR16_HIGHEST -> "ADDR16_HIGHEST";
            case R_PPC64_ADDR16_HIGHESTA -> "ADDR16_HIGHESTA";
            case R_PPC64_UADDR64 -> "UADDR64";
            case R_PPC64_REL64 -> "REL64";
            case R_PPC64_TOC16 -> "TOC16";
            case R_PPC64_TOC16_LO -> "TOC16_LO";
            case R_PPC64_TOC16_HI -> "TOC16_HI";
            case R_PPC64_TOC16_HA -> "TOC16_HA";
            case R_PPC64_TOC -> "TOC";
            case R_PPC64_ADDR16_DS -> "ADDR16_DS";
            case R_PPC64_ADDR16_LO_DS -> "ADDR16_LO_DS";
            case R_PPC64_GOT16_DS -> "GOT16_DS";
            case R_PPC64_GOT16_LO_DS -> "GOT16_LO_DS";
            case R_PPC64_PLT16_LO_DS -> "PLT16_LO_DS";
            case R_PPC64_TOC16_DS -> "TOC16_DS";
            case R_PPC64_TOC16_LO_DS -> "TOC16_LO_DS";
            case R_PPC64_TOCSAVE -> "TOCSAVE";
            case R_PPC64_ADDR16_HIGH -> "ADDR16_HIGH";
            case R_PPC64_ADDR16_HIGHA -> "ADDR16_HIGHA";
            case R_PPC64_REL24_NOTOC -> "REL24_NOTOC";
            case R_PPC64_ADDR64_LOCAL -> "ADDR64_LOCAL";
            case R_PPC64_ENTRY -> "ENTRY";
            case R_PPC64_PLTSEQ -> "PLTSEQ";
            case R_PPC64_PLTCALL -> "PLTCALL";
            case R_PPC64_PLTSEQ_NOTOC -> "PLTSEQ_NOTOC";
            case R_PPC64_PLTCALL_NOTOC -> "PLTCALL_NOTOC";
            case R_PPC64_PCREL_OPT -> "PCREL_OPT";
            case R_PPC64_REL24_P9NOTOC -> "REL24_P9NOTOC";
            case R_PPC64_D34 -> "D34";
            case R_PPC64_D34_LO -> "D34_LO";
            case R_PPC64_D34_HI30 -> "D34_HI30";
            case R_PPC64_D34_HA30 -> "D34_HA30";
            case R_PPC64_PCREL34 -> "PCREL34";
            case R_PPC64_GOT_PCREL34 -> "GOT_PCREL34";
            case R_PPC64_PLT_PCREL34 -> "PLT_PCREL34";
            case R_PPC64_PLT_PCREL34_NOTOC -> "PLT_PCREL34_NOTOC";
            case R_PPC64_ADDR16_HIGHER34 -> "ADDR16_HIGHER34";
            case R_PPC64_ADDR16_HIGHERA34 -> "ADDR16_HIGHERA34";
            case R_PPC64_ADDR16_HIGHEST34 -> "ADDR16_HIGHEST34";
            case R_PPC64_ADDR16_HIGHESTA34 -> "ADDR16_HIGHESTA34";
            case R_PPC64_REL16_HIGHER34 -> "REL16_HIGHER34";
            case R_PPC64_REL16_HIGHERA34 -> "REL16_HIGHERA34";
            case R_PPC64_REL16_HIGHEST34 -> "REL16_HIGHEST34";
            case R_PPC64_REL16_HIGHESTA34 -> "REL16_HIGHESTA34";
            case R_PPC64_D28 -> "D28";
            case R_PPC64_PCREL28 -> "PCREL28";
            case R_PPC64_REL16_HIGH -> "REL16_HIGH";
            case R_PPC64_REL16_HIGHA -> "REL16_HIGHA";
            case R_PPC64_REL16_HIGHER -> "REL16_HIGHER";
            case R_PPC64_REL16_HIGHERA -> "REL16_HIGHERA";
            case R_PPC64_REL16_HIGHEST -> "REL16_HIGHEST";
            case R_PPC64_REL16_HIGHESTA -> "REL16_HIGHESTA";
            case R_PPC64_REL16DX_HA -> "REL16DX_HA";
            case R_PPC64_REL16 -> "REL16";
            case R_PPC64_REL16_LO -> "REL16_LO";
            case R_PPC64_REL16_HI -> "REL16_HI";
            case R_PPC64_REL16_HA -> "REL16_HA";
            default -> Integer.toUnsignedString(type);
        };
        return "R_PPC64_" + n;
    }
}
