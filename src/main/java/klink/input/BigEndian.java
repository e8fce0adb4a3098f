package klink.input;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import klink.elf.Elf;
import klink.mem.Endian;
import klink.mem.LE;

/// A big-endian object (arm) as the reader of little-endian ones wants it: a copy in memory, whose ELF header, section headers, symbols,
/// relocations, groups and headers of compressed sections are little-endian. Contents stay as they are; [ObjectFile#endian] tells.
///
/// What a table says is not believed here: one that does not lie in the file stays as it is, and the reader then says what is wrong with it.
final class BigEndian {
    private static final int EI_CLASS = 4;
    private static final int EI_DATA = 5;

    private BigEndian() {}

    /// Whether the file is such an object of a machine that klink links: 32-bit arm.
    static boolean is(MemorySegment file) {
        return file.byteSize() >= Class32.EHDR_SIZE && LE.u8(file, EI_DATA) == Elf.ELFDATA2MSB && LE.i32(file, 0) == Elf.ELFMAG
                && LE.u8(file, EI_CLASS) == Elf.ELFCLASS32 && machine(file) == Elf.EM_ARM;
    }

    /// e_machine of a big-endian file.
    static int machine(MemorySegment file) {
        return LE.u8(file, 18) << 8 | LE.u8(file, 19);
    }

    static MemorySegment normalised(MemorySegment file) {
        MemorySegment copy = Arena.ofAuto().allocate(file.byteSize(), 8).copyFrom(file);
        Tables32.header(copy, Endian.BIG);
        sections(copy);
        return copy;
    }

    private static void sections(MemorySegment s) {
        long table = LE.u32(s, 32);
        if (LE.u16(s, 46) != Class32.SHDR_SIZE || !fits(s, table, Class32.SHDR_SIZE)) {
            return;
        }
        Endian.BIG.words(s, table, table + Class32.SHDR_SIZE);
        long count = LE.u16(s, 48) != 0 ? LE.u16(s, 48) : LE.u32(s, table + 20);
        if (!fits(s, table, count * Class32.SHDR_SIZE)) {
            return;
        }
        Endian.BIG.words(s, table + Class32.SHDR_SIZE, table + count * Class32.SHDR_SIZE);
        for (long h = table + Class32.SHDR_SIZE; h < table + count * Class32.SHDR_SIZE; h += Class32.SHDR_SIZE) {
            contents(s, h);
        }
    }

    /// @param h where the section's header stands
    private static void contents(MemorySegment s, long h) {
        long at = LE.u32(s, h + 16);
        long size = LE.u32(s, h + 20);
        int type = LE.i32(s, h + 4);
        if (type == Elf.SHT_NOBITS || !fits(s, at, size)) {
            return;
        }
        switch (type) {
            case Elf.SHT_SYMTAB -> Tables32.symbols(s, at, at + size, Endian.BIG);
            case Elf.SHT_REL, Elf.SHT_RELA, Elf.SHT_GROUP, Elf.SHT_SYMTAB_SHNDX -> Endian.BIG.words(s, at, at + size);
            default -> {
                if ((LE.i32(s, h + 8) & Elf.SHF_COMPRESSED) != 0 && size >= Class32.CHDR_SIZE) {
                    Endian.BIG.words(s, at, at + Class32.CHDR_SIZE);
                }
            }
        }
    }

    private static boolean fits(MemorySegment s, long at, long size) {
        return at <= s.byteSize() && size <= s.byteSize() - at;
    }
}
