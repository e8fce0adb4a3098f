package klink.elf;

/// AArch64 relocation types, spelled as in ELF for the Arm 64-bit Architecture (AAELF64, "Relocation types").
public final class AArch64 {
    public static final int R_AARCH64_NONE = 0;
    public static final int R_AARCH64_NONE_256 = 256;
    public static final int R_AARCH64_ABS64 = 257;
    public static final int R_AARCH64_ABS32 = 258;
    public static final int R_AARCH64_ABS16 = 259;
    public static final int R_AARCH64_PREL64 = 260;
    public static final int R_AARCH64_PREL32 = 261;
    public static final int R_AARCH64_PREL16 = 262;
    public static final int R_AARCH64_MOVW_UABS_G0 = 263;
    public static final int R_AARCH64_MOVW_UABS_G0_NC = 264;
    public static final int R_AARCH64_MOVW_UABS_G1 = 265;
    public static final int R_AARCH64_MOVW_UABS_G1_NC = 266;
    public static final int R_AARCH64_MOVW_UABS_G2 = 267;
    public static final int R_AARCH64_MOVW_UABS_G2_NC = 268;
    public static final int R_AARCH64_MOVW_UABS_G3 = 269;
    public static final int R_AARCH64_MOVW_SABS_G0 = 270;
    public static final int R_AARCH64_MOVW_SABS_G1 = 271;
    public static final int R_AARCH64_MOVW_SABS_G2 = 272;
    public static final int R_AARCH64_LD_PREL_LO19 = 273;
    public static final int R_AARCH64_ADR_PREL_LO21 = 274;
    public static final int R_AARCH64_ADR_PREL_PG_HI21 = 275;
    public static final int R_AARCH64_ADR_PREL_PG_HI21_NC = 276;
    public static final int R_AARCH64_ADD_ABS_LO12_NC = 277;
    public static final int R_AARCH64_LDST8_ABS_LO12_NC = 278;
    public static final int R_AARCH64_TSTBR14 = 279;
    public static final int R_AARCH64_CONDBR19 = 280;
    public static final int R_AARCH64_JUMP26 = 282;
    public static final int R_AARCH64_CALL26 = 283;
    public static final int R_AARCH64_LDST16_ABS_LO12_NC = 284;
    public static final int R_AARCH64_LDST32_ABS_LO12_NC = 285;
    public static final int R_AARCH64_LDST64_ABS_LO12_NC = 286;
    public static final int R_AARCH64_MOVW_PREL_G0 = 287;
    public static final int R_AARCH64_MOVW_PREL_G0_NC = 288;
    public static final int R_AARCH64_MOVW_PREL_G1 = 289;
    public static final int R_AARCH64_MOVW_PREL_G1_NC = 290;
    public static final int R_AARCH64_MOVW_PREL_G2 = 291;
    public static final int R_AARCH64_MOVW_PREL_G2_NC = 292;
    public static final int R_AARCH64_MOVW_PREL_G3 = 293;
    public static final int R_AARCH64_LDST128_ABS_LO12_NC = 299;
    public static final int R_AARCH64_GOT_LD_PREL19 = 309;
    public static final int R_AARCH64_ADR_GOT_PAGE = 311;
    public static final int R_AARCH64_LD64_GOT_LO12_NC = 312;
    public static final int R_AARCH64_LD64_GOTPAGE_LO15 = 313;
    public static final int R_AARCH64_PLT32 = 314;
    public static final int R_AARCH64_RELATIVE = 1027;

    private AArch64() {}

    /// The ABI's name of a type, or `R_AARCH64_<n>` for one that no kernel object has.
    public static String name(int type) {
        String n = switch (type) {
            case R_AARCH64_NONE, R_AARCH64_NONE_256 -> "NONE";
            case R_AARCH64_ABS64 -> "ABS64";
            case R_AARCH64_ABS32 -> "ABS32";
            case R_AARCH64_ABS16 -> "ABS16";
            case R_AARCH64_PREL64 -> "PREL64";
            case R_AARCH64_PREL32 -> "PREL32";
            case R_AARCH64_PREL16 -> "PREL16";
            case R_AARCH64_MOVW_UABS_G0 -> "MOVW_UABS_G0";
            case R_AARCH64_MOVW_UABS_G0_NC -> "MOVW_UABS_G0_NC";
            case R_AARCH64_MOVW_UABS_G1 -> "MOVW_UABS_G1";
            case R_AARCH64_MOVW_UABS_G1_NC -> "MOVW_UABS_G1_NC";
            case R_AARCH64_MOVW_UABS_G2 -> "MOVW_UABS_G2";
            case R_AARCH64_MOVW_UABS_G2_NC -> "MOVW_UABS_G2_NC";
            case R_AARCH64_MOVW_UABS_G3 -> "MOVW_UABS_G3";
            case R_AARCH64_MOVW_SABS_G0 -> "MOVW_SABS_G0";
            case R_AARCH64_MOVW_SABS_G1 -> "MOVW_SABS_G1";
            case R_AARCH64_MOVW_SABS_G2 -> "MOVW_SABS_G2";
            case R_AARCH64_LD_PREL_LO19 -> "LD_PREL_LO19";
            case R_AARCH64_ADR_PREL_LO21 -> "ADR_PREL_LO21";
            case R_AARCH64_ADR_PREL_PG_HI21 -> "ADR_PREL_PG_HI21";
            case R_AARCH64_ADR_PREL_PG_HI21_NC -> "ADR_PREL_PG_HI21_NC";
            case R_AARCH64_ADD_ABS_LO12_NC -> "ADD_ABS_LO12_NC";
            case R_AARCH64_LDST8_ABS_LO12_NC -> "LDST8_ABS_LO12_NC";
            case R_AARCH64_TSTBR14 -> "TSTBR14";
            case R_AARCH64_CONDBR19 -> "CONDBR19";
            case R_AARCH64_JUMP26 -> "JUMP26";
            case R_AARCH64_CALL26 -> "CALL26";
            case R_AARCH64_LDST16_ABS_LO12_NC -> "LDST16_ABS_LO12_NC";
            case R_AARCH64_LDST32_ABS_LO12_NC -> "LDST32_ABS_LO12_NC";
            case R_AARCH64_LDST64_ABS_LO12_NC -> "LDST64_ABS_LO12_NC";
            case R_AARCH64_MOVW_PREL_G0 -> "MOVW_PREL_G0";
            case R_AARCH64_MOVW_PREL_G0_NC -> "MOVW_PREL_G0_NC";
            case R_AARCH64_MOVW_PREL_G1 -> "MOVW_PREL_G1";
            case R_AARCH64_MOVW_PREL_G1_NC -> "MOVW_PREL_G1_NC";
            case R_AARCH64_MOVW_PREL_G2 -> "MOVW_PREL_G2";
            case R_AARCH64_MOVW_PREL_G2_NC -> "MOVW_PREL_G2_NC";
            case R_AARCH64_MOVW_PREL_G3 -> "MOVW_PREL_G3";
            case R_AARCH64_LDST128_ABS_LO12_NC -> "LDST128_ABS_LO12_NC";
            case R_AARCH64_GOT_LD_PREL19 -> "GOT_LD_PREL19";
            case R_AARCH64_ADR_GOT_PAGE -> "ADR_GOT_PAGE";
            case R_AARCH64_LD64_GOT_LO12_NC -> "LD64_GOT_LO12_NC";
            case R_AARCH64_LD64_GOTPAGE_LO15 -> "LD64_GOTPAGE_LO15";
            case R_AARCH64_PLT32 -> "PLT32";
            case R_AARCH64_RELATIVE -> "RELATIVE";
            default -> Integer.toUnsignedString(type);
        };
        return "R_AARCH64_" + n;
    }
}
