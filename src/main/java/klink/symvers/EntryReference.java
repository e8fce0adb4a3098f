package klink.symvers;

import klink.elf.Arm;
import klink.elf.Elf;
import klink.elf.X86;
import klink.kernel.Config;

/// How an entry of the kernel's symbol table refers to a symbol, its name and its namespace
/// (include/linux/export-internal.h): three times the same way.
///
/// @param type relocation type
/// @param size bytes of one reference, and alignment of the entry
record EntryReference(int type, int size) {
    private static final int R_AARCH64_ABS64 = 257;
    private static final int R_AARCH64_PREL32 = 261;
    private static final int R_PPC64_REL32 = 26;
    private static final int R_PPC64_ADDR64 = 38;

    static EntryReference of(int machine, Config config) {
        boolean relative = config.has("CONFIG_HAVE_ARCH_PREL32_RELOCATIONS");
        return switch (machine) {
            case Elf.EM_X86_64 -> relative ? new EntryReference(X86.R_X86_64_PC32, 4) : new EntryReference(X86.R_X86_64_64, 8);
            case Elf.EM_AARCH64 -> relative ? new EntryReference(R_AARCH64_PREL32, 4) : new EntryReference(R_AARCH64_ABS64, 8);
            case Elf.EM_PPC64 -> relative ? new EntryReference(R_PPC64_REL32, 4) : new EntryReference(R_PPC64_ADDR64, 8);
            case Elf.EM_ARM -> new EntryReference(Arm.R_ARM_ABS32, 4);
            default -> throw new IllegalArgumentException("no references to exported symbols for machine " + machine);
        };
    }
}
