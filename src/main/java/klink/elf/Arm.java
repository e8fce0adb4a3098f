package klink.elf;

/// Arm (AArch32) relocation types, spelled as in the ELF for the Arm Architecture ABI (AAELF32, "Relocation types").
public final class Arm {
    public static final int R_ARM_NONE = 0;
    public static final int R_ARM_PC24 = 1;
    public static final int R_ARM_ABS32 = 2;
    public static final int R_ARM_REL32 = 3;
    public static final int R_ARM_LDR_PC_G0 = 4;
    public static final int R_ARM_ABS16 = 5;
    public static final int R_ARM_ABS12 = 6;
    public static final int R_ARM_THM_ABS5 = 7;
    public static final int R_ARM_ABS8 = 8;
    public static final int R_ARM_SBREL32 = 9;
    public static final int R_ARM_THM_CALL = 10;
    public static final int R_ARM_THM_PC8 = 11;
    public static final int R_ARM_GOTOFF32 = 24;
    public static final int R_ARM_BASE_PREL = 25;
    public static final int R_ARM_GOT_BREL = 26;
    public static final int R_ARM_PLT32 = 27;
    public static final int R_ARM_CALL = 28;
    public static final int R_ARM_JUMP24 = 29;
    public static final int R_ARM_THM_JUMP24 = 30;
    public static final int R_ARM_BASE_ABS = 31;
    public static final int R_ARM_TARGET1 = 38;
    public static final int R_ARM_SBREL31 = 39;
    public static final int R_ARM_V4BX = 40;
    public static final int R_ARM_TARGET2 = 41;
    public static final int R_ARM_PREL31 = 42;
    public static final int R_ARM_MOVW_ABS_NC = 43;
    public static final int R_ARM_MOVT_ABS = 44;
    public static final int R_ARM_MOVW_PREL_NC = 45;
    public static final int R_ARM_MOVT_PREL = 46;
    public static final int R_ARM_THM_MOVW_ABS_NC = 47;
    public static final int R_ARM_THM_MOVT_ABS = 48;
    public static final int R_ARM_THM_MOVW_PREL_NC = 49;
    public static final int R_ARM_THM_MOVT_PREL = 50;
    public static final int R_ARM_THM_JUMP19 = 51;
    public static final int R_ARM_THM_JUMP6 = 52;
    public static final int R_ARM_THM_ALU_PREL_11_0 = 53;
    public static final int R_ARM_THM_PC12 = 54;
    public static final int R_ARM_ABS32_NOI = 55;
    public static final int R_ARM_REL32_NOI = 56;
    public static final int R_ARM_ALU_PC_G0_NC = 57;
    public static final int R_ARM_ALU_PC_G0 = 58;
    public static final int R_ARM_ALU_PC_G1_NC = 59;
    public static final int R_ARM_ALU_PC_G1 = 60;
    public static final int R_ARM_ALU_PC_G2 = 61;
    public static final int R_ARM_LDR_PC_G1 = 62;
    public static final int R_ARM_LDR_PC_G2 = 63;
    public static final int R_ARM_LDRS_PC_G0 = 64;
    public static final int R_ARM_LDRS_PC_G1 = 65;
    public static final int R_ARM_LDRS_PC_G2 = 66;
    public static final int R_ARM_LDC_PC_G0 = 67;
    public static final int R_ARM_LDC_PC_G1 = 68;
    public static final int R_ARM_LDC_PC_G2 = 69;
    public static final int R_ARM_GOT_ABS = 95;
    public static final int R_ARM_GOT_PREL = 96;
    public static final int R_ARM_THM_JUMP11 = 102;
    public static final int R_ARM_THM_JUMP8 = 103;

    /// Unwind index entries (EHABI32, "Index table entries").
    public static final int SHT_ARM_EXIDX = 0x7000_0001;
    public static final int SHT_ARM_ATTRIBUTES = 0x7000_0003;
    public static final int PT_ARM_EXIDX = 0x7000_0001;
    /// Second word of an index entry for code that cannot be unwound.
    public static final int EXIDX_CANTUNWIND = 1;

    public static final int EF_ARM_EABI_VER5 = 0x0500_0000;
    /// The image is big-endian, its code little-endian.
    public static final int EF_ARM_BE8 = 0x0080_0000;
    public static final int EF_ARM_ABI_FLOAT_SOFT = 0x200;
    public static final int EF_ARM_ABI_FLOAT_HARD = 0x400;

    /// Or-ed to a 32-bit address: what stands there is Thumb code, by the symbol that names it (T in AAELF32).
    public static final long THUMB = 1L << 32;
    /// The same: it is Arm code. Neither is known of a label that is no function.
    public static final long CODE = 1L << 33;

    private static final String[] NAMES = {"NONE", "PC24", "ABS32", "REL32", "LDR_PC_G0", "ABS16", "ABS12", "THM_ABS5", "ABS8", "SBREL32", "THM_CALL", "THM_PC8",
        "BREL_ADJ", "TLS_DESC", "THM_SWI8", "XPC25", "THM_XPC22", "TLS_DTPMOD32", "TLS_DTPOFF32", "TLS_TPOFF32", "COPY", "GLOB_DAT", "JUMP_SLOT", "RELATIVE",
        "GOTOFF32", "BASE_PREL", "GOT_BREL", "PLT32", "CALL", "JUMP24", "THM_JUMP24", "BASE_ABS", "ALU_PCREL_7_0", "ALU_PCREL_15_8", "ALU_PCREL_23_15",
        "LDR_SBREL_11_0_NC", "ALU_SBREL_19_12_NC", "ALU_SBREL_27_20_CK", "TARGET1", "SBREL31", "V4BX", "TARGET2", "PREL31", "MOVW_ABS_NC", "MOVT_ABS",
        "MOVW_PREL_NC", "MOVT_PREL", "THM_MOVW_ABS_NC", "THM_MOVT_ABS", "THM_MOVW_PREL_NC", "THM_MOVT_PREL", "THM_JUMP19", "THM_JUMP6", "THM_ALU_PREL_11_0",
        "THM_PC12", "ABS32_NOI", "REL32_NOI", "ALU_PC_G0_NC", "ALU_PC_G0", "ALU_PC_G1_NC", "ALU_PC_G1", "ALU_PC_G2", "LDR_PC_G1", "LDR_PC_G2", "LDRS_PC_G0",
        "LDRS_PC_G1", "LDRS_PC_G2", "LDC_PC_G0", "LDC_PC_G1", "LDC_PC_G2"};

    private Arm() {}

    /// The ABI's name of a relocation type, or its number.
    public static String name(int type) {
        if (type >= 0 && type < NAMES.length) {
            return "R_ARM_" + NAMES[type];
        }
        return switch (type) {
            case R_ARM_GOT_ABS -> "R_ARM_GOT_ABS";
            case R_ARM_GOT_PREL -> "R_ARM_GOT_PREL";
            case R_ARM_THM_JUMP11 -> "R_ARM_THM_JUMP11";
            case R_ARM_THM_JUMP8 -> "R_ARM_THM_JUMP8";
            default -> "R_ARM_" + type;
        };
    }
}
