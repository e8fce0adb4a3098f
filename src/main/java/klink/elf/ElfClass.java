package klink.elf;

/// Sizes of an ELF file's records, which differ by class (gABI, "ELF Header" and others): 64-bit images, and the 32-bit ones of arm. One of the two
/// holds for a whole link.
public enum ElfClass {
    ELF32(Elf.ELFCLASS32, 4, 52, 32, 40, 16),
    ELF64(Elf.ELFCLASS64, 8, Elf.EHDR_SIZE, Elf.PHDR_SIZE, Elf.SHDR_SIZE, Elf.SYM_SIZE);

    /// EI_CLASS.
    public final int ident;
    /// Bytes of an address, and what tables of them are aligned to.
    public final int word;
    public final int ehdr;
    public final int phdr;
    public final int shdr;
    public final int sym;

    ElfClass(int ident, int word, int ehdr, int phdr, int shdr, int sym) {
        this.ident = ident;
        this.word = word;
        this.ehdr = ehdr;
        this.phdr = phdr;
        this.shdr = shdr;
        this.sym = sym;
    }

    public boolean is64() {
        return this == ELF64;
    }

    /// Bytes of a relocation: with its addend (RELA) in 64-bit files, without (REL) in 32-bit ones, as the psABIs of the machines have it.
    public int relocation() {
        return is64() ? Elf.RELA_SIZE : 8;
    }

    /// sh_type of a section of relocations.
    public int relocations() {
        return is64() ? Elf.SHT_RELA : Elf.SHT_REL;
    }

    /// What the names of such sections begin with.
    public String relocationPrefix() {
        return is64() ? ".rela" : ".rel";
    }
}
