package klink.kbuild;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import klink.elf.Elf;
import klink.mem.LE;
import klink.mem.LongList;

/// Writes a small relocatable object, little-endian ELF64: headers, sections in the order of their numbers, the section
/// header table last. For files that klink makes for others to read; a link's own output is too large for it.
final class ObjectWriter {
    private final int machine;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private final ByteArrayOutputStream names = new ByteArrayOutputStream();
    private final LongList headers = new LongList();
    private int namesNdx;

    ObjectWriter(int machine) {
        this.machine = machine;
        body.writeBytes(new byte[Elf.EHDR_SIZE]);
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
        body.writeBytes(bytes(headers));
        byte[] file = body.toByteArray();
        LE.put32(file, 0, Elf.ELFMAG);
        file[4] = Elf.ELFCLASS64;
        file[5] = Elf.ELFDATA2LSB;
        file[6] = 1;
        LE.put16(file, 16, Elf.ET_REL);
        LE.put16(file, 18, machine);
        LE.put32(file, 20, 1);
        LE.put64(file, 40, table);
        LE.put16(file, 52, Elf.EHDR_SIZE);
        LE.put16(file, 58, Elf.SHDR_SIZE);
        LE.put16(file, 60, headers.size() / 8);
        LE.put16(file, 62, namesNdx);
        return file;
    }

    static byte[] bytes(LongList words) {
        var bytes = new byte[8 * words.size()];
        for (int i = 0; i < words.size(); i++) {
            LE.put64(bytes, 8 * i, words.get(i));
        }
        return bytes;
    }
}
