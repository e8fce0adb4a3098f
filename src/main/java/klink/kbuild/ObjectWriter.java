package klink.kbuild;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import klink.elf.Arm;
import klink.elf.Elf;
import klink.elf.ElfClass;
import klink.input.Tables32;
import klink.mem.Endian;
import klink.mem.LE;
import klink.mem.LongList;

/// Writes a small relocatable object: headers, sections in the order of their numbers, the section
/// header table last. For files that klink makes for others to read; a link's own output is too large for it.
final class ObjectWriter {
    private final int machine;
    private final ElfClass elfClass;
    private final Endian endian;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private final ByteArrayOutputStream names = new ByteArrayOutputStream();
    private final LongList headers = new LongList();
    private int namesNdx;

    /// @param endian big in an ELFCLASS32 file alone
    ObjectWriter(int machine, Endian endian) {
        this.endian = endian;
        this.machine = machine;
        elfClass = machine == Elf.EM_ARM ? ElfClass.ELF32 : ElfClass.ELF64;
        body.writeBytes(new byte[elfClass.ehdr]);
        names.write(0);
        header(0, 0, 0, 0, 0);
    }

    /// Adds the section with number `ndx`, which must be the next one.
    void section(int ndx, String name, int type, long flags, int alignment, byte[] contents) {
        if (ndx != headers.size() / 8) {
            throw new IllegalStateException("section " + ndx + " out of order");
        }
        while (body.size() % alignment != 0) {
            body.write(0);
        }
        int nameOffset = names.size();
        names.writeBytes((name + "\0").getBytes(StandardCharsets.UTF_8));
        header(nameOffset | (long) type << 32, flags, body.size(), contents.length, alignment);
        body.writeBytes(contents);
    }

    private void header(long nameAndType, long flags, long offset, long size, long alignment) {
        headers.add(nameAndType);
        headers.add(flags);
        headers.add(0);
        headers.add(offset);
        headers.add(size);
        headers.add(0);
        headers.add(alignment);
        headers.add(0);
    }

    /// Sets what a table belongs to: sh_link, sh_info, and the size of its entries.
    void linked(int ndx, int link, int info, int entsize) {
        headers.set(8 * ndx + 5, link | (long) info << 32);
        headers.set(8 * ndx + 7, entsize);
    }

    /// The table of section names is to be section `ndx`. Its contents follow last, when all are known.
    void names(int ndx) {
        namesNdx = ndx;
        section(ndx, ".shstrtab", Elf.SHT_STRTAB, 0, 1, new byte[0]);
    }

    byte[] bytes() {
        headers.set(8 * namesNdx + 3, body.size());
        headers.set(8 * namesNdx + 4, names.size());
        body.writeBytes(names.toByteArray());
        while (body.size() % 8 != 0) {
            body.write(0);
        }
        int table = body.size();
        body.writeBytes(elfClass.is64() ? bytes(headers) : narrowHeaders());
        byte[] file = body.toByteArray();
        LE.put32(file, 0, Elf.ELFMAG);
        file[4] = (byte) elfClass.ident;
        file[5] = Elf.ELFDATA2LSB;
        file[6] = 1;
        LE.put16(file, 16, Elf.ET_REL);
        LE.put16(file, 18, machine);
        LE.put32(file, 20, 1);
        int tail = elfClass.ehdr - 12;
        if (elfClass.is64()) {
            LE.put64(file, 40, table);
        } else {
            LE.put32(file, 32, table);
            LE.put32(file, 36, Arm.EF_ARM_EABI_VER5);
        }
        LE.put16(file, tail, elfClass.ehdr);
        LE.put16(file, tail + 6, elfClass.shdr);
        LE.put16(file, tail + 8, headers.size() / 8);
        LE.put16(file, tail + 10, namesNdx);
        if (endian.isBig()) {
            file[5] = Elf.ELFDATA2MSB;
            Tables32.header(MemorySegment.ofArray(file), endian);
        }
        return file;
    }

    ElfClass elfClass() {
        return elfClass;
    }

    private byte[] narrowHeaders() {
        var bytes = new byte[headers.size() / 8 * elfClass.shdr];
        for (int from = 0, to = 0; from < headers.size(); from += 8, to += elfClass.shdr) {
            LE.put64(bytes, to, headers.get(from)); // sh_name, sh_type
            for (int i = 1; i < 5; i++) {
                LE.put32(bytes, to + 4 + 4 * i, (int) headers.get(from + i));
            }
            LE.put64(bytes, to + 24, headers.get(from + 5)); // sh_link, sh_info
            LE.put32(bytes, to + 32, (int) headers.get(from + 6));
            LE.put32(bytes, to + 36, (int) headers.get(from + 7));
        }
        endian.words(MemorySegment.ofArray(bytes), 0, bytes.length);
        return bytes;
    }

    /// A symbol table in the class of the file.
    /// @param words three a symbol, as ELF64 has them
    byte[] symbols(LongList words) {
        if (elfClass.is64()) {
            return bytes(words);
        }
        var bytes = new byte[words.size() / 3 * elfClass.sym];
        for (int from = 0, to = 0; from < words.size(); from += 3, to += elfClass.sym) {
            LE.put32(bytes, to, (int) words.get(from));
            LE.put32(bytes, to + 4, (int) words.get(from + 1));
            LE.put32(bytes, to + 8, (int) words.get(from + 2));
            LE.put32(bytes, to + 12, (int) (words.get(from) >>> 32));
        }
        Tables32.symbols(MemorySegment.ofArray(bytes), 0, bytes.length, endian);
        return bytes;
    }

    /// Relocations in the class of the file; without their addends, which stand where they apply, in the 32-bit one.
    /// @param words three a relocation, as ELF64 has them
    byte[] relocations(LongList words) {
        if (elfClass.is64()) {
            return bytes(words);
        }
        var bytes = new byte[words.size() / 3 * elfClass.relocation()];
        for (int from = 0, to = 0; from < words.size(); from += 3, to += elfClass.relocation()) {
            LE.put32(bytes, to, (int) words.get(from));
            LE.put32(bytes, to + 4, (int) (words.get(from + 1) >>> 32) << 8 | (int) words.get(from + 1) & 0xff);
        }
        endian.words(MemorySegment.ofArray(bytes), 0, bytes.length);
        return bytes;
    }

    static byte[] bytes(LongList words) {
        var bytes = new byte[8 * words.size()];
        for (int i = 0; i < words.size(); i++) {
            LE.put64(bytes, 8 * i, words.get(i));
        }
        return bytes;
    }
}
