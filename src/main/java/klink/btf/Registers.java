package klink.btf;

import klink.elf.Elf;

/// In which registers a function's parameters are passed, by the psABI of each machine, as DWARF numbers them. A struct may
/// take several, which is left to the caller.
final class Registers {
    private static final int[] X86_64 = {5, 4, 1, 2, 8, 9};
    private static final int[] ARM = {0, 1, 2, 3, 4, 5, 6, 7};
    private static final int[] NONE = {};

    private Registers() {}

    /// By parameter; none for machines of which pahole does not know it (powerpc64). 32-bit arm has four; the others, which pahole lists
    /// too, hold no parameter.
    static int[] of(int machine) {
        return switch (machine) {
            case Elf.EM_X86_64 -> X86_64;
            case Elf.EM_AARCH64, Elf.EM_ARM -> ARM;
            default -> NONE;
        };
    }
}
