package klink.elf;

/// Arm (AArch32) relocation types, spelled as in the ELF for the Arm Architecture ABI ("Relocation types").
public final class Arm {
    public static final int R_ARM_PC24 = 1;
    public static final int R_ARM_ABS32 = 2;
    public static final int R_ARM_REL32 = 3;
    public static final int R_ARM_THM_CALL = 10;
    public static final int R_ARM_CALL = 28;
    public static final int R_ARM_JUMP24 = 29;
    public static final int R_ARM_THM_JUMP24 = 30;
    public static final int R_ARM_MOVW_ABS_NC = 43;
    public static final int R_ARM_MOVT_ABS = 44;
    public static final int R_ARM_THM_MOVW_ABS_NC = 47;
    public static final int R_ARM_THM_MOVT_ABS = 48;
    public static final int R_ARM_THM_JUMP19 = 51;

    private Arm() {}
}
