package klink.image;

import java.lang.foreign.MemorySegment;
import java.util.List;
import klink.elf.Elf;
import klink.elf.ElfClass;
import klink.input.Tables32;
import klink.layout.Addresses;
import klink.mem.Endian;
import klink.mem.LE;

/// The ELF header and the program headers, which begin the file and say where all else is (gABI, "ELF Header" and "Program
/// Header"); 64 bytes and 56 for each segment, or 52 and 32 in a file of 32 bits.
///
/// @param endian       of a big-endian file, which has 32 bits
/// @param machine      e_machine
/// @param type         e_type
/// @param gnu          whether EI_OSABI says GNU
/// @param flags        e_flags
/// @param sections     file offset of the section headers
/// @param sectionCount of them, the null section included
/// @param shstrndx     the one with their names
record FileHead(ElfClass elfClass, Endian endian, int machine, int type, boolean gnu, long entry, int flags, long sections, int sectionCount, int shstrndx,
        List<Addresses.Segment> segments) {
    byte[] bytes() {
        var out = new byte[elfClass.ehdr + segments.size() * elfClass.phdr];
        header(out);
        int p = elfClass.ehdr;
        for (Addresses.Segment s : segments) {
            if (elfClass.is64()) {
                wide(out, p, s);
            } else {
                narrow(out, p, s);
            }
            p += elfClass.phdr;
        }
        if (endian.isBig()) {
            LE.put8(out, 5, Elf.ELFDATA2MSB);
            Tables32.header(MemorySegment.ofArray(out), endian);
            endian.words(MemorySegment.ofArray(out), elfClass.ehdr, out.length);
        }
        return out;
    }

    private void header(byte[] out) {
        LE.put32(out, 0, Elf.ELFMAG);
        LE.put8(out, 4, elfClass.ident);
        LE.put8(out, 5, Elf.ELFDATA2LSB);
        LE.put8(out, 6, 1);
        LE.put8(out, 7, gnu ? Elf.ELFOSABI_GNU : 0);
        LE.put16(out, 16, type);
        LE.put16(out, 18, machine);
        LE.put32(out, 20, 1);
        long phoff = segments.isEmpty() ? 0 : elfClass.ehdr;
        int tail = 48;
        if (elfClass.is64()) {
            LE.put64(out, 24, entry);
            LE.put64(out, 32, phoff);
            LE.put64(out, 40, sections);
        } else {
            LE.put32(out, 24, (int) entry);
            LE.put32(out, 28, (int) phoff);
            LE.put32(out, 32, (int) sections);
            tail = 36;
        }
        LE.put32(out, tail, flags);
        LE.put16(out, tail + 4, elfClass.ehdr);
        LE.put16(out, tail + 6, segments.isEmpty() ? 0 : elfClass.phdr);
        LE.put16(out, tail + 8, segments.size());
        LE.put16(out, tail + 10, elfClass.shdr);
        LE.put16(out, tail + 12, sectionCount >= Elf.SHN_LORESERVE ? 0 : sectionCount);
        LE.put16(out, tail + 14, shstrndx >= Elf.SHN_LORESERVE ? Elf.SHN_XINDEX : shstrndx);
    }

    private static void wide(byte[] out, int p, Addresses.Segment s) {
        LE.put32(out, p, s.type());
        LE.put32(out, p + 4, s.flags());
        LE.put64(out, p + 8, s.offset());
        LE.put64(out, p + 16, s.vaddr());
        LE.put64(out, p + 24, s.paddr());
        LE.put64(out, p + 32, s.filesz());
        LE.put64(out, p + 40, s.memsz());
        LE.put64(out, p + 48, s.align());
    }

    private static void narrow(byte[] out, int p, Addresses.Segment s) {
        LE.put32(out, p, s.type());
        LE.put32(out, p + 4, (int) s.offset());
        LE.put32(out, p + 8, (int) s.vaddr());
        LE.put32(out, p + 12, (int) s.paddr());
        LE.put32(out, p + 16, (int) s.filesz());
        LE.put32(out, p + 20, (int) s.memsz());
        LE.put32(out, p + 24, s.flags());
        LE.put32(out, p + 28, (int) s.align());
    }
}
