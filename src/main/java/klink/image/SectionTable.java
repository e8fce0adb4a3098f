package klink.image;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import klink.elf.Elf;
import klink.elf.ElfClass;
import klink.mem.LE;

/// The section header table of the image while it is planned.
final class SectionTable {
    /// One header; everything but the name is as in Elf64_Shdr.
    record Header(String name, int type, long flags, long address, long offset, long size, int link, int info, long align, long entsize) {
        Header at(long newOffset) {
            return new Header(name, type, flags, address, newOffset, size, link, info, align, entsize);
        }
    }

    private final List<Header> headers = new ArrayList<>();
    private final Map<String, Integer> offsets = new HashMap<>();
    /// The names of the first [#named] headers; a header that is [#set] again keeps its name.
    private byte[] names = {};
    private int named;

    SectionTable() {
        headers.add(new Header("", Elf.SHT_NULL, 0, 0, 0, 0, 0, 0, 0, 0));
    }

    int add(Header h) {
        headers.add(h);
        return headers.size() - 1;
    }

    Header get(int i) {
        return headers.get(i);
    }

    void set(int i, Header h) {
        headers.set(i, h);
    }

    int count() {
        return headers.size();
    }

    /// The section name table, in which equal names stand once.
    byte[] names() {
        if (named == headers.size()) {
            return names;
        }
        var out = new ByteArrayOutputStream();
        offsets.clear();
        for (Header h : headers) {
            if (offsets.putIfAbsent(h.name, out.size()) == null) {
                out.writeBytes(h.name.getBytes(StandardCharsets.UTF_8));
                out.write(0);
            }
        }
        named = headers.size();
        names = out.toByteArray();
        return names;
    }

    /// Writes the headers. Entry 0 carries what does not fit the ELF header (gABI,
    /// "Extended section indices").
    void write(byte[] out, int shstrndx, ElfClass elfClass) {
        names();
        if (!elfClass.is64()) {
            writeNarrow(out, shstrndx);
            return;
        }
        for (int i = 0; i < headers.size(); i++) {
            Header h = headers.get(i);
            int at = i * Elf.SHDR_SIZE;
            LE.put32(out, at, offsets.get(h.name));
            LE.put32(out, at + 4, h.type);
            LE.put64(out, at + 8, h.flags);
            LE.put64(out, at + 16, h.address);
            LE.put64(out, at + 24, h.offset);
            LE.put64(out, at + 32, h.size);
            LE.put32(out, at + 40, h.link);
            LE.put32(out, at + 44, h.info);
            LE.put64(out, at + 48, h.align);
            LE.put64(out, at + 56, h.entsize);
        }
        if (headers.size() >= Elf.SHN_LORESERVE) {
            LE.put64(out, 32, headers.size());
        }
        if (shstrndx >= Elf.SHN_LORESERVE) {
            LE.put32(out, 40, shstrndx);
        }
    }

    private void writeNarrow(byte[] out, int shstrndx) {
        for (int i = 0; i < headers.size(); i++) {
            Header h = headers.get(i);
            int at = i * ElfClass.ELF32.shdr;
            LE.put32(out, at, offsets.get(h.name));
            LE.put32(out, at + 4, h.type);
            LE.put32(out, at + 8, (int) h.flags);
            LE.put32(out, at + 12, (int) h.address);
            LE.put32(out, at + 16, (int) h.offset);
            LE.put32(out, at + 20, (int) h.size);
            LE.put32(out, at + 24, h.link);
            LE.put32(out, at + 28, h.info);
            LE.put32(out, at + 32, (int) h.align);
            LE.put32(out, at + 36, (int) h.entsize);
        }
        if (headers.size() >= Elf.SHN_LORESERVE) {
            LE.put32(out, 20, headers.size());
        }
        if (shstrndx >= Elf.SHN_LORESERVE) {
            LE.put32(out, 24, shstrndx);
        }
    }
}
