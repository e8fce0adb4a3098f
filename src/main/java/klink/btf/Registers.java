package klink.btf;

import klink.elf.Elf;

/// In which registers a function's parameters are passed, by the psABI of each machine, as DWARF numbers them. A parameter that is
/// wider than a register shifts those behind it, which is left to the caller.
final class Registers {
    private static final int[] X86_64 = {5, 4, 1, 2, 8, 9};
    private static final int[] ARM = {0, 1, 2, 3, 4, 5, 6, 7};
    private static final int[] PPC64 = {3, 4, 5, 6, 7, 8, 9, 10};
    private static final int[] RISCV = {10, 11, 12, 13, 14, 15, 16, 17};
    private static final int[] NONE = {};

    private Registers() {}

    /// By parameter. 32-bit arm has four; the others, which pahole lists too, hold no parameter.
    static int[] of(int machine) {
        return switch (machine) {
            case Elf.EM_X86_64 -> X86_64;
            case Elf.EM_AARCH64, Elf.EM_ARM -> ARM;
            case Elf.EM_PPC64 -> PPC64;
            case Elf.EM_RISCV -> RISCV;
            default -> NONE;
        };
    }
}
