package klink.inspect;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import klink.elf.Elf;
import klink.mem.Endian;
import klink.mem.LE;
import klink.mem.SegmentLE;
import klink.report.BadInput;

/// A finished ELF file, little-endian or of big-endian arm, opened for reading: a `vmlinux`, or one of its objects.
///
/// This reader shares nothing with the linker's own input tables, on purpose: what the linker got
/// wrong while reading or laying out, it must not get wrong a second time here. A kernel image has
/// some 65 sections, 5 segments, 127,000 symbols and, with `--emit-relocs`, 1.1 million relocations;
/// headers become small objects, the two large tables become arrays ([ElfSymbols], [Relocations]).
///
/// Every offset, size, index and name that the file gives is checked here, once, against the file; the
/// rest of the package may rely on that. What cannot be right is [BadInput] with the file offset of
/// the field at fault.
public final class ElfImage {
    /// A section header; `fileOffset` of a NOBITS section points at nothing.
    public record Section(int ndx, String name, int type, long flags, long address, long fileOffset, long size,
            int link, int info, long align, long entsize) {
        public boolean isAlloc() {
            return (flags & Elf.SHF_ALLOC) != 0;
        }

        public boolean hasBytes() {
            return type != Elf.SHT_NOBITS && type != Elf.SHT_NULL;
        }

        /// Whether `length` bytes at a virtual address lie inside this section.
        public boolean covers(long at, long length) {
            long into = at - address;
            return Long.compareUnsigned(into, size) <= 0 && Long.compareUnsigned(length, size - into) <= 0;
        }
    }

    /// A program header.
    public record Segment(int type, int flags, long fileOffset, long vaddr, long paddr, long filesz, long memsz,
            long align) {}

    /// The few words of the file header that a finished image is judged by.
    public record Header(int type, int machine, long entry, int flags) {}

    private static final int PN_XNUM = 0xffff;
    private static final int NARROW_EHDR = 52;
    private static final int NARROW_PHDR = 32;
    private static final int NARROW_SHDR = 40;

    private final String file;
    private final MemorySegment data;
    private final Endian endian;
    private final Header header;
    private final boolean wide;
    private final int shdr;
    private final List<Section> sections;
    private final List<Segment> segments;
    private ElfSymbols symbols;

    private ElfImage(String file, MemorySegment data) {
        this.file = file;
        this.data = data;
        endian = data.byteSize() > 5 && SegmentLE.u8(data, 5) == Elf.ELFDATA2MSB ? Endian.BIG : Endian.LITTLE;
        header = header();
        wide = isWide(SegmentLE.u8(data, 4));
        shdr = wide ? Elf.SHDR_SIZE : NARROW_SHDR;
        long sectionTable = word(40, 32);
        int sectionCount = sectionCount(sectionTable);
        segments = List.copyOf(segments(sectionTable));
        sections = List.copyOf(sections(sectionTable, sectionCount));
    }

    /// Maps a file and reads its headers.
    public static ElfImage open(Path path) {
        return of(path.toString(), map(path));
    }

    /// Maps a file for as long as the process lives.
    static MemorySegment map(Path path) {
        try (var channel = FileChannel.open(path, StandardOpenOption.READ)) {
            return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), Arena.global());
        } catch (IOException e) {
            throw new BadInput(path.toString(), 0, "cannot read: " + e.getMessage());
        }
    }

    /// Reads the headers of an image already in memory. `file` is the name that messages use.
    public static ElfImage of(String file, MemorySegment data) {
        return new ElfImage(file, data);
    }

    public String file() {
        return file;
    }

    public MemorySegment data() {
        return data;
    }

    /// The order of the bytes in its words, those of ELF's own tables among them.
    public Endian endian() {
        return endian;
    }

    public Header fileHeader() {
        return header;
    }

    /// All sections, the null section at index 0 included.
    public List<Section> sections() {
        return sections;
    }

    public List<Segment> segmentList() {
        return segments;
    }

    /// The first section of this name.
    public Optional<Section> section(String name) {
        for (Section s : sections) {
            if (s.ndx != 0 && s.name.equals(name)) {
                return Optional.of(s);
            }
        }
        return Optional.empty();
    }

    /// The alloc section whose bytes in the file hold `length` bytes at a virtual address.
    public Optional<Section> sectionAt(long address, long length) {
        for (Section s : sections) {
            if (s.isAlloc() && s.hasBytes() && s.size != 0 && s.covers(address, length)) {
                return Optional.of(s);
            }
        }
        return Optional.empty();
    }

    /// The contents of a section; empty for NOBITS. A view of the file, not a copy.
    public MemorySegment bytes(Section s) {
        return s.hasBytes() ? data.asSlice(s.fileOffset, s.size) : MemorySegment.NULL;
    }

    /// The symbol table, read on first request; one without symbols if the file has none.
    public synchronized ElfSymbols symbols() {
        if (symbols == null) {
            symbols = ElfSymbols.read(this);
        }
        return symbols;
    }

    /// The relocations of an `SHT_RELA` section, or of an `SHT_REL` one.
    public Relocations relocations(Section rela) {
        return Relocations.read(this, rela);
    }

    BadInput bad(long fileOffset, String what) {
        return new BadInput(file, fileOffset, what);
    }

    /// Whether `[offset, offset + length)` lies inside the file; both unsigned, neither trusted.
    private boolean inFile(long offset, long length) {
        return offset >= 0 && length >= 0 && offset <= data.byteSize() && length <= data.byteSize() - offset;
    }

    /// Whether the file is of the 64-bit class. Fields of the 32-bit one are half as wide where they hold addresses and sizes, and stand elsewhere.
    public boolean isWide() {
        return wide;
    }

    /// Bytes of an address.
    public int word() {
        return wide ? 8 : 4;
    }

    /// An address or size that stands at one offset in a 64-bit file, at the other in a 32-bit one.
    long word(long wideAt, long narrowAt) {
        return wide ? endian.i64(data, wideAt) : endian.u32(data, narrowAt);
    }

    private boolean isWide(int ident) {
        if (ident != Elf.ELFCLASS64 && ident != Elf.ELFCLASS32) {
            throw bad(4, "neither a 64-bit nor a 32-bit ELF file (EI_CLASS " + ident + ")");
        }
        return ident == Elf.ELFCLASS64;
    }

    private Header header() {
        if (data.byteSize() < NARROW_EHDR) {
            throw bad(data.byteSize(), "file ends inside the ELF header");
        }
        if (SegmentLE.i32(data, 0) != Elf.ELFMAG) {
            throw bad(0, "not an ELF file");
        }
        if (data.byteSize() < (SegmentLE.u8(data, 4) == Elf.ELFCLASS64 ? Elf.EHDR_SIZE : NARROW_EHDR)) {
            throw bad(data.byteSize(), "file ends inside the ELF header");
        }
        boolean isWide = isWide(SegmentLE.u8(data, 4));
        if (SegmentLE.u8(data, 5) != Elf.ELFDATA2LSB && (isWide || !endian.isBig())) {
            throw bad(5, "not a little-endian ELF file (EI_DATA " + SegmentLE.u8(data, 5) + ")");
        }
        int at = isWide ? 52 : 40;
        int size = isWide ? Elf.EHDR_SIZE : NARROW_EHDR;
        if (endian.u16(data, at) != size) {
            throw bad(at, "e_ehsize is " + endian.u16(data, at) + ", not " + size);
        }
        return new Header(endian.u16(data, 16), endian.u16(data, 18), isWide ? endian.i64(data, 24) : endian.u32(data, 24), endian.i32(data, isWide ? 48 : 36));
    }

    private int sectionCount(long table) {
        if (table == 0) {
            return 0;
        }
        int at = wide ? 58 : 46;
        if (endian.u16(data, at) != shdr) {
            throw bad(at, "e_shentsize is " + endian.u16(data, at) + ", not " + shdr);
        }
        if (!inFile(table, shdr)) {
            throw bad(wide ? 40 : 32, "section header table at 0x" + Long.toHexString(table) + " is beyond the end of the file");
        }
        long count = endian.u16(data, at + 2);
        if (count == 0) {
            count = word(table + 32, table + 20);
        }
        if (count < 0 || count > data.byteSize() / shdr || !inFile(table, count * shdr)) {
            throw bad(table, "section header table of " + Long.toUnsignedString(count) + " entries runs beyond the end of the file");
        }
        return (int) count;
    }

    private List<Segment> segments(long sectionTable) {
        long table = word(32, 28);
        int size = wide ? Elf.PHDR_SIZE : NARROW_PHDR;
        int at = wide ? 54 : 42;
        int count = endian.u16(data, at + 2);
        if (count == PN_XNUM && sectionTable != 0) {
            count = endian.i32(data, sectionTable + (wide ? 44 : 28));
        }
        if (table == 0 || count == 0) {
            return List.of();
        }
        if (endian.u16(data, at) != size) {
            throw bad(at, "e_phentsize is " + endian.u16(data, at) + ", not " + size);
        }
        if (count < 0 || !inFile(table, (long) count * size)) {
            throw bad(wide ? 32 : 28, "program header table runs beyond the end of the file");
        }
        var list = new ArrayList<Segment>(count);
        for (int i = 0; i < count; i++) {
            long p = table + (long) i * size;
            var s = new Segment(endian.i32(data, p), endian.i32(data, wide ? p + 4 : p + 24), word(p + 8, p + 4), word(p + 16, p + 8),
                    word(p + 24, p + 12), word(p + 32, p + 16), word(p + 40, p + 20), word(p + 48, p + 28));
            if (!inFile(s.fileOffset, s.filesz)) {
                throw bad(wide ? p + 8 : p + 4, "segment " + i + " runs beyond the end of the file");
            }
            list.add(s);
        }
        return list;
    }

    private List<Section> sections(long table, int count) {
        if (count == 0) {
            return List.of();
        }
        int at = wide ? 62 : 50;
        int nameTable = endian.u16(data, at);
        if (nameTable == Elf.SHN_XINDEX) {
            nameTable = endian.i32(data, table + (wide ? 40 : 24));
        }
        if (nameTable < 0 || nameTable >= count) {
            throw bad(at, "e_shstrndx " + nameTable + " is not a section");
        }
        long names = table + (long) nameTable * shdr;
        checkRange(names, nameTable, endian.i32(data, names + 4), word(names + 24, names + 16), word(names + 32, names + 20));
        long namesAt = nameTable == 0 ? 0 : word(names + 24, names + 16);
        long namesSize = nameTable == 0 ? 0 : word(names + 32, names + 20);
        var list = new ArrayList<Section>(count);
        for (int i = 0; i < count; i++) {
            long p = table + (long) i * shdr;
            String name = nameTable == 0 ? "" : string(namesAt, namesSize, endian.u32(data, p), p);
            int link = wide ? 40 : 24;
            var s = new Section(i, name, endian.i32(data, p + 4), word(p + 8, p + 8), word(p + 16, p + 12),
                    word(p + 24, p + 16), word(p + 32, p + 20), endian.i32(data, p + link), endian.i32(data, p + link + 4),
                    word(p + 48, p + 32), word(p + 56, p + 36));
            checkRange(p, i, s.type, s.fileOffset, s.size);
            if (s.type != Elf.SHT_NULL && (s.link < 0 || s.link >= count)) {
                throw bad(p + link, "section " + name + " links to section " + s.link + ", which does not exist");
            }
            if ((s.align & (s.align - 1)) != 0) {
                throw bad(p + (wide ? 48 : 32), "section " + name + " has alignment " + s.align + ", not a power of two");
            }
            list.add(s);
        }
        return list;
    }

    private void checkRange(long headerAt, int ndx, int type, long offset, long size) {
        if (type != Elf.SHT_NOBITS && type != Elf.SHT_NULL && !inFile(offset, size)) {
            throw bad(headerAt + (wide ? 24 : 16), "section " + ndx + " runs beyond the end of the file");
        }
    }

    /// The NUL-terminated string at `offset` of a string table; `fieldAt` is where the file says so.
    String string(long tableAt, long tableSize, long offset, long fieldAt) {
        if (offset == 0 && tableSize == 0) {
            return "";
        }
        if (offset >= tableSize) {
            throw bad(fieldAt, "name offset 0x" + Long.toHexString(offset) + " is outside the string table");
        }
        long end = tableAt + tableSize;
        long p = tableAt + offset;
        while (p < end && SegmentLE.u8(data, p) != 0) {
            p++;
        }
        if (p == end) {
            throw bad(tableAt + offset, "name runs beyond the end of the string table");
        }
        var bytes = new byte[(int) Math.min(p - tableAt - offset, 1 << 20)];
        LE.bytes(data, tableAt + offset, bytes, 0, bytes.length);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
