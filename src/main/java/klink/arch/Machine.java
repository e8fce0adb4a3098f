package klink.arch;

import klink.elf.Elf;
import klink.elf.ElfClass;
import klink.mem.Endian;

/// What the linker asks of a CPU: relocation arithmetic, and what fills gaps in code. A link has one machine,
/// so a call through this class always goes to the same place.
///
/// S is the symbol's value, A the addend, P the address of the site, as in the psABIs.
public abstract class Machine {
    /// Results of [#apply]. Negative ones are for the tables that a machine has of its own.
    public static final int OK = 0;
    public static final int OVERFLOW = 1;
    public static final int UNKNOWN = 2;
    public static final int NEEDS_GOT = 3;
    public static final int NEEDS_TLS = 4;
    public static final int NEEDS_SIZE = 5;
    /// The target is not aligned as the instruction needs it.
    public static final int MISALIGNED = 6;
    /// A function and the code that calls it do not agree on what registers hold, and no veneer stands between them.
    public static final int DISAGREES = 7;
    /// A call is not followed by a place for what restores a register that the function does not keep.
    public static final int LACKS_NOP = 8;

    /// The machine of an e_machine value, or null.
    public static Machine of(int machine) {
        return switch (machine) {
            case Elf.EM_X86_64 -> X86_64.MACHINE;
            case Elf.EM_AARCH64 -> Arm64.MACHINE;
            case Elf.EM_PPC64 -> Ppc64.MACHINE;
            case Elf.EM_ARM -> Arm.MACHINE;
            default -> null;
        };
    }

    /// e_machine.
    public abstract int number();

    /// The class of its images.
    public ElfClass elfClass() {
        return ElfClass.ELF64;
    }

    /// The order of the bytes in words of its images.
    public Endian endian() {
        return Endian.LITTLE;
    }

    /// Whether the image has code in another order than its objects: little-endian in a big-endian image.
    public boolean turnsCode() {
        return false;
    }

    /// The same machine, as it reads and writes code of the finished image.
    public Machine ofImageCode() {
        return this;
    }

    /// The psABI's name of a relocation type.
    public abstract String relocationName(int type);

    /// What to do about a value of this type that does not fit; null if there is nothing to say but that.
    public String advice(int type) {
        return null;
    }

    /// Bytes that a relocation of this type changes; 0 for NONE.
    public abstract int width(int type);

    /// Writes the value of one relocation at `at` of `out`, which already holds the section's bytes and
    /// has room for [#width] bytes there.
    public abstract int apply(byte[] out, int at, int type, long s, long a, long p);

    /// The addend of a relocation that has none of its own, from the bytes that it changes.
    /// @param bytes as many of them as [#width] says, little-endian
    public long addend(int type, int bytes) {
        throw new IllegalStateException("addends of machine " + number() + " do not stand in its code");
    }

    /// Writes an addend into the bytes that a relocation changes: the inverse of [#addend].
    /// @return false if it does not fit there
    public boolean putAddend(byte[] out, int at, int type, long a) {
        throw new IllegalStateException("addends of machine " + number() + " do not stand in its code");
    }

    /// Deals with a branch or a distance to a weak symbol that nothing defines, of which an ABI may say that it is not one to
    /// address 0; UNKNOWN where S = 0 will do.
    public int applyNowhere(byte[] out, int at, int type, long a, long p) {
        return UNKNOWN;
    }

    /// Fills a gap in code.
    public abstract void fillCode(byte[] out, int at, long length);

    /// The type of a relocation that is a whole address (R_X86_64_64, R_AARCH64_ABS64): the one that a moving image
    /// must be told of.
    public abstract int absoluteType();

    /// The type of the entries that tell of such words (R_AARCH64_RELATIVE).
    public abstract int relativeType();

    /// Whether GNU ld's table of such entries has room for words of discarded sections: it counts before it discards.
    public boolean countsDiscarded() {
        return false;
    }

    /// Whether an image lists its sections as symbols although no relocation is kept: GNU ld's habit but on x86.
    public boolean listsSections() {
        return true;
    }

    /// Whether text shares no page with data where `-z separate-code` is not given: GNU ld's default.
    public abstract boolean separatesCode();

    /// How far branches of a type reach from the site: the largest distance forwards; 0 for what is no branch, or one that no veneer can help.
    public long reach(int type) {
        return 0;
    }

    /// The largest distance backwards.
    public long reachBack(int type) {
        return reach(type) + 4;
    }

    /// Whether a branch at `p` can go to `target`: it is not too far, and where code has modes, in one that the branch can switch to.
    public boolean reaches(int type, long target, long p) {
        long d = target - p;
        return d <= reach(type) && d >= -reachBack(type);
    }

    /// Whether a type is that of a conditional branch.
    public boolean isConditional(int type) {
        return false;
    }

    /// Whether a type is that of a branch of code without a table of contents; see [#hasContents].
    public boolean isPlain(int type) {
        return false;
    }

    /// Whether a type is that of an instruction of two words.
    public boolean isPrefixed(int type) {
        return false;
    }

    /// Whether GNU ld has veneers stand before groups of sections, and loads targets that these do not reach from a table.
    public boolean groupsVeneers() {
        return false;
    }

    /// Whether code has modes, which the low bits of addresses tell.
    public boolean hasModes() {
        return false;
    }

    /// Whether a near branch may need a veneer too.
    public boolean helpsNear() {
        return hasModes();
    }

    /// How far the branch reaches that reaches least of those that veneers often help; 0: none needs help.
    public long leastReach() {
        return 0;
    }

    /// Which kind of veneer helps a branch that does not reach its target. Branches that get the same kind for the same target share veneers.
    /// @param target its address and mode
    /// @param entry  its [#localEntry]
    /// @param p      where the branch is
    public int veneerKind(int type, long target, int entry, long p) {
        return 0;
    }

    /// Whether a branch can go to a veneer of a kind, if in reach.
    public boolean veneerServes(int kind, int type, long target, int entry, long p) {
        return veneerKind(type, target, entry, p) == kind;
    }

    /// Whether a veneer tells the function that it goes to where that is, as a global entry point wants it: else it goes to the local one.
    public boolean veneerTells(int kind) {
        return true;
    }

    /// Bytes of a veneer that a branch of a type skips.
    public int veneerEntry(int kind, int type) {
        return 0;
    }

    /// Or-ed to a number of words: a veneer that is a copy of so much of a function.
    public static final int COPY = 1 << 30;

    /// Bytes of a [#COPY].
    public static int copySize(int kind) {
        return 4 * (kind & ~COPY);
    }

    /// Bytes of a veneer of a kind, a multiple of 4.
    public int veneerSize(int kind) {
        return 0;
    }

    /// Bytes of room that are made for it. What veneers do not use of that lies behind the last one of a section.
    public int veneerRoom(int kind) {
        return veneerSize(kind);
    }

    /// What the veneers behind a section are aligned to.
    public int veneerAlignment() {
        return 4;
    }

    /// The mode in which a veneer of a kind is entered, to be or-ed to its address.
    public long veneerMode(int kind) {
        return 0;
    }

    /// Writes a veneer that stands at address `p` and goes to `target`.
    public void writeVeneer(byte[] out, int at, long p, long target) {
        throw new IllegalStateException("no veneers on machine " + number());
    }

    /// The same, of a kind, and where code finds things by a base that a register holds.
    /// @param toc the base of the table of contents; see [#hasContents]
    public void writeVeneer(int kind, byte[] out, int at, long p, long target, long toc) {
        writeVeneer(out, at, p, target);
    }

    /// Whether a veneer can go that far.
    public boolean veneerReaches(long p, long target, long toc) {
        return true;
    }

    /// The same, of a kind.
    public boolean veneerReaches(int kind, long p, long target, long toc) {
        return veneerReaches(p, target, toc);
    }

    /// What GNU ld calls a veneer.
    /// @param target  the name of what it goes to
    /// @param mode    its mode
    /// @param type    that of the relocation of the branch that it was made for
    /// @param section a number for the place where it stands
    public String veneerName(int kind, String target, long mode, int type, int section) {
        return "__" + target + "_veneer";
    }

    /// The mapping symbol that stands before code (`$x`); null where the psABI has none.
    public String codeSymbol() {
        return null;
    }

    /// The mapping symbols of a veneer where each has its own: offset in it and letter of each (`$a`, `$t`, `$d`); null where [#codeSymbol] stands
    /// before all that follow each other.
    public int[] veneerMap(int kind) {
        return null;
    }

    /// e_flags of an image.
    /// @param inputs e_flags of its objects, or-ed
    public int flags(int inputs) {
        return 0;
    }

    /// The same of an object that a relocatable link makes.
    public int objectFlags(int inputs) {
        return flags(inputs);
    }

    /// Whether code reaches data from the base of a table of contents (powerpc's `.TOC.`).
    public boolean hasContents() {
        return false;
    }

    /// Whether relocations of this type go to a function's local entry point, [#localEntry] bytes behind its symbol's value.
    public boolean callsLocalEntry(int type) {
        return false;
    }

    /// Bytes from a symbol's value to the local entry point, as st_other says.
    public int localEntry(int other) {
        return 0;
    }

    /// Where a branch that [#callsLocalEntry] goes.
    /// @param s     the symbol's value
    /// @param entry its [#localEntry]
    public long entry(int type, long s, int entry) {
        return s + entry;
    }

    /// Whether a function and the code that calls it so agree on what registers hold; a veneer can help if not.
    /// @param entry the function's [#localEntry]
    public boolean agrees(int type, int entry) {
        return true;
    }

    /// Writes a branch that goes to a veneer.
    /// @param end   where the section ends
    /// @param entry the target's [#localEntry]
    /// @param v     the veneer, with the mode that it is entered in
    public int applyVeneer(byte[] out, int at, int end, int type, int entry, long v, long p) {
        return apply(out, at, type, v, 0, p);
    }

    /// The type of a relocation that is a whole address at an odd place; -1 where there is no such.
    public int unalignedType() {
        return -1;
    }

    /// `-z max-page-size` where it is not given: GNU ld's for kernels.
    public abstract long maxPageSize();
}
