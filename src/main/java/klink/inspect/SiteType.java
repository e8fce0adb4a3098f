package klink.inspect;

import klink.elf.Elf;

/// What the audit knows of a relocation type, written from the processor's ABI document and apart from what the linker
/// writes by: how a result is worked out, which results fit, and which bits of the output hold it.
///
/// S is the symbol's value, A the addend, P the place; X = S + A.
sealed interface SiteType permits X86Relocation, Arm64Relocation, Ppc64Relocation, ArmRelocation {
    /// As the ABI spells it.
    String name();

    /// Bytes of the output that hold the field, and nothing but the field and its instruction; 0 if there is none.
    int width();

    /// Whether the field leads to a slot of the global offset table.
    boolean throughGot();

    /// Whether a whole address is stored, so that one in an image that moves needs a dynamic relocation.
    boolean isWholeAddress();

    /// What the ABI's formula gives.
    long result(long x, long p);

    boolean fits(long result);

    /// The field's bits of a result.
    long truncate(long result);

    long read(byte[] bytes, int at);

    void write(byte[] bytes, int at, long raw);

    /// Which bits of X the field alone tells: all (-1), the page, the place in the page, or none (0).
    long known();

    /// Those bits of X.
    long target(long raw, long p);

    /// The type of this number, or null for one that has no business in a kernel.
    static SiteType of(int machine, int number) {
        return switch (machine) {
            case Elf.EM_AARCH64 -> Arm64Relocation.of(number);
            case Elf.EM_ARM -> ArmRelocation.of(number);
            case Elf.EM_PPC64 -> Ppc64Relocation.of(number);
            default -> X86Relocation.of(number);
        };
    }
}
