package klink.dynamic;

import java.util.List;
import klink.elf.Elf;
import klink.input.ObjectFile;
import klink.mem.LE;

/// `.dynamic`, `.dynsym` and `.dynstr` of an image that moves, for kernels whose startup code asks for them.
///
/// powerpc's does (arch/powerpc/kernel/reloc_64.S): it finds the size of `.rela.dyn` and where the table was linked by the tags RELA,
/// RELASZ and RELAENT. Nobody binds symbols in a kernel: the symbol table holds the null symbol, and is there because
/// binutils' readers show an image's RELATIVE entries only if there is one (the kernel's relocs_check.sh reads them so).
public final class DynamicSections {
    /// The name that the linker gives to the start of `.dynamic`.
    public static final String NAME = "_DYNAMIC";

    private static final int DT_STRTAB = 5;
    private static final int DT_SYMTAB = 6;
    private static final int DT_RELA = 7;
    private static final int DT_RELASZ = 8;
    private static final int DT_RELAENT = 9;
    private static final int DT_STRSZ = 10;
    private static final int DT_SYMENT = 11;
    private static final int DT_TEXTREL = 22;
    private static final int DT_FLAGS = 30;
    private static final int DF_TEXTREL = 4;
    private static final int DT_RELACOUNT = 0x6fff_fff9;
    private static final int DT_FLAGS_1 = 0x6fff_fffb;
    private static final int DF_1_PIE = 0x0800_0000;
    private static final int TAGS = 12;
    private static final int SYMBOL_SIZE = 24;

    private final ObjectFile symbols;
    private final ObjectFile strings;
    private final ObjectFile tags;
    private final ObjectFile contents;

    public DynamicSections(int machine) {
        contents = ObjectFile.synthetic("<table of contents>", machine, ".got", Elf.SHT_PROGBITS, Elf.SHF_ALLOC | Elf.SHF_WRITE, 8, 8);
        symbols = ObjectFile.synthetic("<dynamic symbols>", machine, ".dynsym", Elf.SHT_DYNSYM, Elf.SHF_ALLOC, 8, SYMBOL_SIZE);
        strings = ObjectFile.synthetic("<dynamic strings>", machine, ".dynstr", Elf.SHT_PROGBITS, Elf.SHF_ALLOC, 1, 1);
        tags = ObjectFile.synthetic("<dynamic tags>", machine, ".dynamic", Elf.SHT_DYNAMIC, Elf.SHF_ALLOC | Elf.SHF_WRITE, 8, 16L * TAGS);
    }

    /// The first word of the table of contents: its own base (ELF V2 ABI, "TOC"), as `.got` of
    /// whoever binds symbols starts. GNU ld does not let it move with the image, and no kernel reads it.
    public ObjectFile contents() {
        return contents;
    }

    public static byte[] contents(long base) {
        var bytes = new byte[8];
        LE.put64(bytes, 0, base);
        return bytes;
    }

    /// What is linked after everything else.
    public List<ObjectFile> objects() {
        return List.of(symbols, strings, tags);
    }

    public ObjectFile symbols() {
        return symbols;
    }

    public ObjectFile strings() {
        return strings;
    }

    public ObjectFile tags() {
        return tags;
    }

    /// The bytes of an object that has no addresses in it: the null symbol, the empty name.
    public static byte[] empty(ObjectFile object) {
        return new byte[Math.toIntExact(object.size(1))];
    }

    /// The bytes of `.dynamic`.
    /// @param rela    address of the RELATIVE entries
    /// @param count   how many
    /// @param symtab  address of `.dynsym`
    /// @param strtab  address of `.dynstr`
    public static byte[] tags(long rela, long count, long symtab, long strtab) {
        long[] all = {DT_STRTAB, strtab, DT_SYMTAB, symtab, DT_STRSZ, 1, DT_SYMENT, SYMBOL_SIZE, DT_RELA, rela, DT_RELASZ, count * Elf.RELA_SIZE,
            DT_RELAENT, Elf.RELA_SIZE, DT_TEXTREL, 0, DT_FLAGS, DF_TEXTREL, DT_FLAGS_1, DF_1_PIE, DT_RELACOUNT, count, 0, 0};
        var bytes = new byte[16 * TAGS];
        for (int i = 0; i < all.length; i++) {
            LE.put64(bytes, 8 * i, all[i]);
        }
        return bytes;
    }
}
