package klink.image;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import klink.elf.Elf;
import klink.input.ObjectFile;
import klink.mem.Endian;
import klink.mem.LE;

/// A finished ELF file with sections added, as `objcopy --add-section` does it: no address, offset or index of what the file has
/// changes. The new contents, the names of sections and the section headers, which linkers write last, come behind all
/// other contents. A section of the same name that is not loaded is replaced.
public final class SectionFile {
    private static final int SHDR32_SIZE = 40;

    private final ObjectFile file;
    private final MemorySegment old;
    /// The bytes as they are on disk; `old` has little-endian tables.
    private final MemorySegment raw;
    private final Endian order;
    private final boolean wide;
    private final int header;
    private final int names;
    private final Map<String, byte[]> added = new LinkedHashMap<>();
    private final Map<Integer, byte[]> edited = new TreeMap<>();

    /// @param raw the bytes of the file
    public SectionFile(ObjectFile file, MemorySegment raw) {
        this.file = file;
        this.raw = raw;
        order = file.endian();
        old = file.segment();
        wide = file.is64();
        header = wide ? Elf.SHDR_SIZE : SHDR32_SIZE;
        int ndx = LE.u16(old, wide ? 62 : 50);
        names = ndx == Elf.SHN_XINDEX ? file.link(0) : ndx;
    }

    /// Adds a section that is not loaded (SHT_PROGBITS, no flags), or gives the one of that name other contents.
    public void add(String name, byte[] contents) {
        added.put(name, contents);
    }

    /// Gives a section other contents of the same size.
    public void edit(int section, byte[] contents) {
        if (contents.length != file.size(section)) {
            throw new IllegalArgumentException(file.sectionName(section) + " would change its size");
        }
        edited.put(section, contents);
    }

    /// Writes the file.
    public void write(Path to) throws IOException {
        byte[] all = bytes();
        try (OutputFile out = OutputFile.create(to, false)) {
            out.write(MemorySegment.ofArray(all), 0);
            out.commit();
        }
    }

    byte[] bytes() {
        long kept = keptEnd();
        int count = file.sectionCount();
        var ndx = new LinkedHashMap<String, Integer>();
        var text = new ByteArrayOutputStream();
        text.writeBytes(file.sectionNames());
        int size = 0;
        for (Map.Entry<String, byte[]> e : added.entrySet()) {
            int there = find(e.getKey());
            ndx.put(e.getKey(), there != 0 ? there : count++);
            size += align(e.getValue().length);
        }
        var nameAt = new LinkedHashMap<String, Integer>();
        for (String name : added.keySet()) {
            if (ndx.get(name) < file.sectionCount()) {
                nameAt.put(name, file.nameOffset(ndx.get(name)));
            } else {
                nameAt.put(name, text.size());
                text.writeBytes((name + "\0").getBytes(StandardCharsets.UTF_8));
            }
        }
        long at = align(kept);
        long total = at + size + align(text.size()) + (long) count * header;
        if (total > Integer.MAX_VALUE - 16) {
            throw file.bad(kept, "the file would have " + total + " bytes: too large to add a section to");
        }
        var all = new byte[(int) total];
        LE.bytes(raw, 0, all, 0, (int) kept);
        edited.forEach((section, contents) -> System.arraycopy(contents, 0, all, (int) file.fileOffset(section), contents.length));
        int headers = (int) (total - (long) count * header);
        LE.bytes(raw, wide ? LE.i64(old, 40) : LE.u32(old, 32), all, headers, file.sectionCount() * header);
        int to = (int) at;
        for (Map.Entry<String, byte[]> e : added.entrySet()) {
            byte[] contents = e.getValue();
            System.arraycopy(contents, 0, all, to, contents.length);
            section(all, headers + ndx.get(e.getKey()) * header, nameAt.get(e.getKey()), to, contents.length);
            to += align(contents.length);
        }
        System.arraycopy(text.toByteArray(), 0, all, to, text.size());
        place(all, headers + names * header, to, text.size());
        head(all, headers, count);
        return all;
    }

    private static int align(int size) {
        return Math.addExact(size, 7) & -8;
    }

    private static long align(long offset) {
        return offset + 7 & -8;
    }

    /// Where the contents end that stay where they are.
    private long keptEnd() {
        long end = wide ? Elf.EHDR_SIZE : 52;
        int programs = LE.u16(old, wide ? 56 : 44);
        if (programs > 0) {
            end = Math.max(end, (wide ? LE.i64(old, 32) : LE.u32(old, 28)) + (long) programs * LE.u16(old, wide ? 54 : 42));
        }
        Set<String> replaced = added.keySet();
        for (int s = 1; s < file.sectionCount(); s++) {
            if (s != names && file.type(s) != Elf.SHT_NOBITS && file.type(s) != Elf.SHT_NULL && !replaced.contains(file.sectionName(s))) {
                end = Math.max(end, file.fileOffset(s) + file.size(s));
            }
        }
        return Math.min(end, old.byteSize());
    }

    private int find(String name) {
        for (int s = 1; s < file.sectionCount(); s++) {
            if (file.sectionName(s).equals(name)) {
                if ((file.flags(s) & Elf.SHF_ALLOC) != 0) {
                    throw file.bad(file.fileOffset(s), "has a " + name + " that is loaded, and so cannot be replaced");
                }
                return s;
            }
        }
        return 0;
    }

    private void section(byte[] all, int at, int name, int offset, int size) {
        Arrays.fill(all, at, at + header, (byte) 0);
        order.put32(all, at, name);
        order.put32(all, at + 4, Elf.SHT_PROGBITS);
        place(all, at, offset, size);
        if (wide) {
            order.put64(all, at + 48, 1);
        } else {
            order.put32(all, at + 32, 1);
        }
    }

    private void place(byte[] all, int at, int offset, int size) {
        if (wide) {
            order.put64(all, at + 24, offset);
            order.put64(all, at + 32, size);
        } else {
            order.put32(all, at + 16, offset);
            order.put32(all, at + 20, size);
        }
    }

    /// Where the section headers are, and how many; more than 0xfeff are counted in the first of them (gABI, "ELF Header").
    private void head(byte[] all, int headers, int count) {
        if (wide) {
            order.put64(all, 40, headers);
        } else {
            order.put32(all, 32, headers);
        }
        boolean many = count >= Elf.SHN_LORESERVE;
        order.put16(all, wide ? 60 : 48, many ? 0 : count);
        if (many && wide) {
            order.put64(all, headers + 32, count);
        } else if (many) {
            order.put32(all, headers + 20, count);
        }
    }
}
