package klink.input;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import klink.elf.Elf;
import klink.mem.Endian;
import klink.mem.LE;
import klink.report.BadInput;

/// One relocatable object: its section headers and symbol table as heap tables, everything else still
/// in the mapped file.
///
/// A defconfig kernel has 2,400 of these with 130,000 symbols; a debug kernel the same number with
/// 350 KB each, of which the linker reads headers, symbols and then each byte once. Headers are kept
/// as the eight 64-bit words of an Elf64_Shdr per section, symbols as the three words of an
/// Elf64_Sym, each table one bulk copy; the accessors below are the shifts that decode them.
///
/// Everything an accessor can return was checked in the constructor: section ranges lie in the file,
/// `sh_link` names a section, names end within their string table. What a relocation names is checked
/// by [Relocations].
public final class ObjectFile {
    private static final int SH_WORDS = 8;
    private static final int SYM_WORDS = 3;
    private static final long[] NO_WORDS = {};
    private static final byte[] NO_BYTES = {0};

    private final String name;
    private final String archiveName;
    private final String memberName;
    private final MemorySegment seg;
    private final int machine;
    private final boolean wide;
    /// Whether the lowest bit of a function's value tells its mode (AAELF32, "Symbol Values").
    private final boolean modes;
    private final boolean synthetic;
    private final Endian endian;
    private final int sectionCount;
    private final long[] sh;
    private final byte[] sectionNames;
    private final long[] sym;
    private final int symbolCount;
    private final int firstGlobal;
    private final byte[] symbolNames;
    private final int[] wideIndex;
    private final int symtabNdx;

    /// Reads the headers of `seg`, which holds one whole object.
    /// @param name the path, or `archive(member)`
    public ObjectFile(String name, MemorySegment seg) {
        this(name, null, name, seg);
    }

    /// Reads the headers of an archive member.
    /// @param archiveName the archive as it was opened, or null
    /// @param memberName  the name that script patterns match: the path of a plain file
    public ObjectFile(String name, String archiveName, String memberName, MemorySegment seg) {
        this(name, archiveName, memberName, seg, false);
    }

    /// An ELF file of any type: a finished image, of which sections and symbols are wanted and nothing is linked.
    public static ObjectFile finished(String name, MemorySegment seg) {
        return new ObjectFile(name, null, name, seg, true);
    }

    private ObjectFile(String name, String archiveName, String memberName, MemorySegment seg, boolean anyType) {
        this.name = name;
        this.archiveName = archiveName;
        this.memberName = memberName;
        synthetic = false;
        endian = BigEndian.is(seg) ? Endian.BIG : Endian.LITTLE;
        seg = endian.isBig() ? BigEndian.normalised(seg) : seg;
        this.seg = seg;
        long size = seg.byteSize();
        if (size < Class32.EHDR_SIZE) {
            throw bad(size, "not an ELF object: file is " + size + " bytes, an ELF header is 64");
        }
        wide = checkIdent(anyType);
        if (wide && size < Elf.EHDR_SIZE) {
            throw bad(size, "not an ELF object: file is " + size + " bytes, an ELF header is 64");
        }
        byte[] head = LE.copy(seg, 0, wide ? Elf.EHDR_SIZE : Class32.EHDR_SIZE);
        machine = LE.u16(head, 18);
        modes = machine == Elf.EM_ARM && !wide;
        long shoff = wide ? LE.i64(head, 40) : LE.u32(head, 32);
        int tail = wide ? 58 : 46;
        int shentsize = LE.u16(head, tail);
        long shnum = LE.u16(head, tail + 2);
        int shstrndx = LE.u16(head, tail + 4);
        int header = wide ? Elf.SHDR_SIZE : Class32.SHDR_SIZE;
        if (shoff == 0) {
            throw bad(wide ? 40 : 32, "object has no section header table (e_shoff is 0)");
        }
        if (shentsize != header) {
            throw bad(tail, "e_shentsize is " + shentsize + ", want " + header);
        }
        if (shoff < 0 || shoff > size - header) {
            throw bad(wide ? 40 : 32, "section header table at 0x" + Long.toHexString(shoff) + " lies outside the file (" + size + " bytes)");
        }
        if (shnum == 0) {
            shnum = wide ? LE.i64(seg, shoff + 32) : LE.u32(seg, shoff + 20);
        }
        if (shnum <= 0 || shnum > (size - shoff) / header || shnum > Integer.MAX_VALUE / SH_WORDS) {
            throw bad(tail + 2, "section header table of " + Long.toUnsignedString(shnum) + " entries at 0x" + Long.toHexString(shoff)
                    + " runs past the end of the file (" + size + " bytes)");
        }
        sectionCount = (int) shnum;
        sh = new long[sectionCount * SH_WORDS];
        if (wide) {
            LE.longs(seg, shoff, sh, 0, sh.length);
        } else {
            Class32.sections(seg, shoff, sh, sectionCount);
        }
        if (shstrndx == Elf.SHN_XINDEX) {
            shstrndx = link(0);
        }
        int symtab = checkSections(shoff, shstrndx);
        sectionNames = shstrndx == 0 ? NO_BYTES : stringTable(shstrndx, "section name");
        for (int i = 1; i < sectionCount; i++) {
            if (Integer.compareUnsigned(nameOffset(i), sectionNames.length) >= 0) {
                throw noName(nameOffset(i), sectionNames, shoff + (long) i * header, "section " + i);
            }
        }
        symtabNdx = symtab;
        if (symtab == 0) {
            sym = NO_WORDS;
            symbolCount = 0;
            firstGlobal = 0;
            symbolNames = NO_BYTES;
            wideIndex = null;
            return;
        }
        long bytes = size(symtab);
        int entry = wide ? Elf.SYM_SIZE : Class32.SYM_SIZE;
        if (entsize(symtab) != entry || bytes % entry != 0 || bytes / entry > Integer.MAX_VALUE / SYM_WORDS) {
            throw bad(shoff + (long) symtab * header + (wide ? 32 : 20), "symbol table of " + bytes + " bytes with entries of "
                    + entsize(symtab) + " bytes, want a multiple of " + entry);
        }
        symbolCount = (int) (bytes / entry);
        sym = new long[symbolCount * SYM_WORDS];
        if (wide) {
            LE.longs(seg, fileOffset(symtab), sym, 0, sym.length);
        } else {
            Class32.symbols(seg, fileOffset(symtab), sym, symbolCount);
        }
        Arrays.fill(sym, 0, Math.min(SYM_WORDS, sym.length), 0); // the null symbol, whatever the file has there
        if (info(symtab) < 0 || info(symtab) > symbolCount) {
            throw bad(shoff + (long) symtab * header + (wide ? 44 : 28), "sh_info " + Integer.toUnsignedString(info(symtab))
                    + " of the symbol table is past its " + symbolCount + " symbols");
        }
        firstGlobal = Math.max(info(symtab), Math.min(1, symbolCount));
        symbolNames = stringTable(link(symtab), "symbol name");
        wideIndex = wideIndices(symtab);
        checkSymbols();
    }

    /// An object that klink makes itself (kallsyms, BTF): its sections and the labels in them exist
    /// from the start, so that resolution and placement treat them like any other input, while its
    /// sizes, values and bytes are settled by later passes.
    ///
    /// @param sections   section headers, eight words each as in a file, index 0 the null section;
    ///                   name offsets point into `names`
    /// @param globals    symbol table words, three each, index 0 the null symbol, all others global
    private ObjectFile(String name, String archiveName, String memberName, int machine, long[] sections, long[] globals, byte[] names) {
        this.name = name;
        this.archiveName = archiveName;
        this.memberName = memberName;
        synthetic = true;
        endian = Endian.LITTLE;
        wide = machine != Elf.EM_ARM;
        modes = false;
        this.machine = machine;
        seg = MemorySegment.NULL;
        sh = sections;
        sectionCount = sections.length / SH_WORDS;
        sectionNames = names;
        sym = globals;
        symbolCount = globals.length / SYM_WORDS;
        firstGlobal = Math.min(1, symbolCount);
        symbolNames = names;
        wideIndex = null;
        symtabNdx = 0;
    }

    /// An object of one section, made by the linker itself; see the private constructor.
    /// @param labels global NOTYPE symbols defined in the section
    public static ObjectFile synthetic(String name, int machine, String section, int type, long flags, long alignment, String... labels) {
        var names = new java.io.ByteArrayOutputStream();
        names.write(0);
        long[] sections = new long[2 * SH_WORDS];
        sections[SH_WORDS] = names.size() | (long) type << 32;
        names.writeBytes((section + "\0").getBytes(java.nio.charset.StandardCharsets.UTF_8));
        sections[SH_WORDS + 1] = flags;
        sections[SH_WORDS + 6] = alignment;
        long[] globals = new long[(labels.length + 1) * SYM_WORDS];
        for (int i = 0; i < labels.length; i++) {
            globals[(i + 1) * SYM_WORDS] = names.size() | (long) (Elf.STB_GLOBAL << 4) << 32 | 1L << 48;
            names.writeBytes((labels[i] + "\0").getBytes(java.nio.charset.StandardCharsets.UTF_8));
        }
        return new ObjectFile(name, null, name, machine, sections, globals, names.toByteArray());
    }

    /// A synthetic object whose section's size is known when it is made: a GOT.
    public static ObjectFile synthetic(String name, int machine, String section, int type, long flags, long alignment, long size,
            String... labels) {
        ObjectFile file = synthetic(name, machine, section, type, flags, alignment, labels);
        file.sh[SH_WORDS + 4] = size;
        return file;
    }

    /// The common symbols of one object, as an object beside it with one NOBITS section `COMMON`: what
    /// GNU ld makes of them, so that `*(COMMON)` finds them like any other section.
    ///
    /// @param owner   its name is what script patterns see
    /// @param symbols indices in `owner`
    /// @param offsets where each starts in the section
    /// @param sizes   bytes of each
    public static ObjectFile commons(ObjectFile owner, int[] symbols, long[] offsets, long[] sizes, long size, long alignment) {
        var names = new java.io.ByteArrayOutputStream();
        names.writeBytes("\0COMMON\0".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        long[] sections = new long[2 * SH_WORDS];
        sections[SH_WORDS] = 1 | (long) Elf.SHT_NOBITS << 32;
        sections[SH_WORDS + 1] = Elf.SHF_ALLOC | Elf.SHF_WRITE;
        sections[SH_WORDS + 4] = size;
        sections[SH_WORDS + 6] = alignment;
        long[] globals = new long[(symbols.length + 1) * SYM_WORDS];
        for (int i = 0; i < symbols.length; i++) {
            int from = owner.symbolNameOffset(symbols[i]);
            int info = Elf.STB_GLOBAL << 4 | Elf.STT_OBJECT;
            globals[(i + 1) * SYM_WORDS] = names.size() | (long) info << 32 | (long) owner.symbolOther(symbols[i]) << 40 | 1L << 48;
            globals[(i + 1) * SYM_WORDS + 1] = offsets[i];
            globals[(i + 1) * SYM_WORDS + 2] = sizes[i];
            int end = from;
            while (owner.symbolNames[end] != 0) {
                end++;
            }
            names.write(owner.symbolNames, from, end - from + 1);
        }
        return new ObjectFile(owner.name, owner.archiveName, owner.memberName, owner.machine, sections, globals, names.toByteArray());
    }

    /// Settles where a label of a synthetic object stands in its section: the one thing about an object
    /// that is known later than the object itself, as its section is made from the names of all others.
    /// @param i symbol index, in the order the labels were given, from 1
    public void settleLabel(int i, long offset) {
        if (!isSynthetic()) {
            throw new IllegalStateException(name + " is not synthetic");
        }
        sym[i * SYM_WORDS + 1] = offset;
    }

    /// Makes the labels of a synthetic object hidden functions.
    public void settleFunctions() {
        for (int i = 1; i < symbolCount; i++) {
            sym[i * SYM_WORDS] = sym[i * SYM_WORDS] & ~(0xffffL << 32) | (long) (Elf.STB_GLOBAL << 4 | Elf.STT_FUNC | Elf.STV_HIDDEN << 8) << 32;
        }
    }

    /// Whether klink made this object itself: its section has no bytes in a file.
    public boolean isSynthetic() {
        return synthetic;
    }

    /// Whether this is an ELFCLASS64 object; anything but a relocatable one is refused, and big-endian ones but those of 32-bit arm.
    private boolean checkIdent(boolean anyType) {
        byte[] ident = LE.copy(seg, 0, 18);
        int magic = LE.i32(ident, 0);
        if (magic != Elf.ELFMAG) {
            throw bad(0, magic == 0xdec04342 || magic == 0x0b17c0de
                    ? "is LLVM bitcode: let ld.lld make a native vmlinux.o first (CONFIG_LTO_CLANG)"
                    : "not an ELF object or archive");
        }
        int elfClass = ident[4];
        int data = ident[5];
        if (elfClass != Elf.ELFCLASS64 && elfClass != Elf.ELFCLASS32) {
            throw bad(4, "ELF class " + elfClass + " is not supported: want ELFCLASS64 (2) or ELFCLASS32 (1)");
        }
        if (data != Elf.ELFDATA2LSB && !endian.isBig()) {
            throw bad(5, "ELF data encoding " + data + " is not supported: want little-endian (1)" + (data == 2 ? ", as machine " + BigEndian.machine(seg) + " is not 32-bit arm (40)" : ""));
        }
        int type = LE.u16(ident, 16);
        if (type != Elf.ET_REL && !anyType) {
            throw bad(16, "e_type is " + type + ": only relocatable objects (1) can be linked");
        }
        return elfClass == Elf.ELFCLASS64;
    }

    private int checkSections(long shoff, int shstrndx) {
        long size = seg.byteSize();
        if (shstrndx < 0 || shstrndx >= sectionCount) {
            throw bad(62, "e_shstrndx " + Integer.toUnsignedString(shstrndx) + " is past the " + sectionCount + " sections");
        }
        int symtab = 0;
        for (int i = 1; i < sectionCount; i++) {
            long at = shoff + (long) i * (wide ? Elf.SHDR_SIZE : Class32.SHDR_SIZE);
            int type = type(i);
            if (type != Elf.SHT_NOBITS && type != Elf.SHT_NULL) {
                long off = fileOffset(i);
                long len = size(i);
                if (off < 0 || len < 0 || off > size || len > size - off) {
                    throw bad(at + (wide ? 24 : 16), "section " + i + " (0x" + Long.toHexString(len) + " bytes at 0x" + Long.toHexString(off)
                            + ") runs past the end of the file (" + size + " bytes)");
                }
            } else if (size(i) < 0 || size(i) > 1L << 47) {
                throw bad(at + (wide ? 32 : 20), "section " + i + " claims 0x" + Long.toHexString(size(i)) + " bytes");
            }
            if (Integer.compareUnsigned(link(i), sectionCount) >= 0) {
                throw bad(at + (wide ? 40 : 24), "sh_link " + Integer.toUnsignedString(link(i)) + " of section " + i + " is past the " + sectionCount + " sections");
            }
            long align = alignment(i);
            if ((align & align - 1) != 0 || align < 0) {
                throw bad(at + (wide ? 48 : 32), "sh_addralign 0x" + Long.toHexString(align) + " of section " + i + " is not a power of two");
            }
            if (type == Elf.SHT_SYMTAB) {
                if (symtab != 0) {
                    throw bad(at, "second symbol table (section " + i + "), the first is section " + symtab);
                }
                symtab = i;
            } else if ((type == Elf.SHT_RELA || type == Elf.SHT_REL) && Integer.compareUnsigned(info(i), sectionCount) >= 0) {
                throw bad(at + (wide ? 44 : 28), "relocation section " + i + " applies to section " + Integer.toUnsignedString(info(i))
                        + ", past the " + sectionCount + " sections");
            } else if ((flags(i) & Elf.SHF_COMPRESSED) != 0 && size(i) < (wide ? Elf.CHDR_SIZE : Class32.CHDR_SIZE)) {
                throw bad(at + (wide ? 32 : 20), "compressed section " + i + " of " + size(i) + " bytes has no room for its header of " + (wide ? Elf.CHDR_SIZE : Class32.CHDR_SIZE));
            }
        }
        return symtab;
    }

    private byte[] stringTable(int ndx, String what) {
        long at = fileOffset(ndx);
        if (ndx == 0 || type(ndx) != Elf.SHT_STRTAB) {
            throw bad(at, what + " table is section " + ndx + " of type " + (ndx == 0 ? 0 : type(ndx)) + ", want SHT_STRTAB");
        }
        long len = size(ndx);
        if (len == 0) {
            return NO_BYTES;
        }
        if (len > Integer.MAX_VALUE - 8) {
            throw bad(at, what + " table of " + len + " bytes is too large");
        }
        var bytes = new byte[(int) len];
        LE.bytes(seg, at, bytes, 0, (int) len);
        if (bytes[(int) len - 1] != 0) {
            throw bad(at + len - 1, what + " table does not end with a NUL");
        }
        return bytes;
    }

    private int[] wideIndices(int symtab) {
        for (int i = 1; i < sectionCount; i++) {
            if (type(i) == Elf.SHT_SYMTAB_SHNDX && link(i) == symtab) {
                if (size(i) / 4 < symbolCount) {
                    throw bad(fileOffset(i), "SHT_SYMTAB_SHNDX section of " + size(i) + " bytes is too short for " + symbolCount + " symbols");
                }
                var wide = new int[symbolCount];
                LE.ints(seg, fileOffset(i), wide, 0, symbolCount);
                return wide;
            }
        }
        return null;
    }

    private BadInput noName(int offset, byte[] table, long at, String what) {
        return bad(at, "name offset 0x" + Integer.toHexString(offset) + " of " + what + " is past its string table (" + table.length + " bytes)");
    }

    private void checkSymbols() {
        long[] words = sym;
        int names = symbolNames.length;
        for (int i = 1, w = SYM_WORDS; i < symbolCount; i++, w += SYM_WORDS) {
            long first = words[w];
            if (Integer.compareUnsigned((int) first, names) >= 0) {
                throw noName((int) first, symbolNames, symbolAt(i), "symbol " + i);
            }
            int shndx = (int) (first >>> 48);
            if (shndx >= Elf.SHN_LORESERVE ? shndx == Elf.SHN_XINDEX : shndx >= sectionCount) {
                if (shndx != Elf.SHN_XINDEX || wideIndex == null || Integer.compareUnsigned(wideIndex[i], sectionCount) >= 0) {
                    throw bad(symbolAt(i) + (wide ? 6 : 14), "symbol " + i + " is in section " + Integer.toUnsignedString(
                            shndx == Elf.SHN_XINDEX && wideIndex != null ? wideIndex[i] : shndx) + ", past the " + sectionCount + " sections");
                }
            }
        }
    }

    private long symbolAt(int i) {
        return fileOffset(symtabNdx) + (long) i * (wide ? Elf.SYM_SIZE : Class32.SYM_SIZE);
    }

    /// A defect of this file, ready to throw.
    public BadInput bad(long fileOffset, String what) {
        return new BadInput(name, fileOffset, what);
    }

    public String name() {
        return name;
    }

    /// The archive that holds this object, or null.
    public String archiveName() {
        return archiveName;
    }

    /// What the file patterns of a script match: the member's name, or the path of a plain file.
    public String memberName() {
        return memberName;
    }

    /// The whole mapped object; of a big-endian one, a copy with little-endian tables.
    public MemorySegment segment() {
        return seg;
    }

    /// Whether this is an ELFCLASS64 object.
    public boolean is64() {
        return wide;
    }

    /// The order of the bytes in the words of sections; tables of ELF itself are little-endian in [#segment].
    public Endian endian() {
        return endian;
    }

    /// Whether addresses are offsets in sections, to be relocated (ET_REL).
    public boolean isRelocatable() {
        return synthetic || LE.u16(seg, 16) == Elf.ET_REL;
    }

    /// sh_addr.
    public long address(int ndx) {
        return sh[ndx * SH_WORDS + 2];
    }

    /// e_machine.
    public int machine() {
        return machine;
    }

    public int sectionCount() {
        return sectionCount;
    }

    public int nameOffset(int ndx) {
        return (int) sh[ndx * SH_WORDS];
    }

    /// The section-name string table; [#nameOffset] points into it.
    public byte[] sectionNames() {
        return sectionNames;
    }

    public String sectionName(int ndx) {
        return string(sectionNames, nameOffset(ndx));
    }

    public int type(int ndx) {
        return (int) (sh[ndx * SH_WORDS] >>> 32);
    }

    public long flags(int ndx) {
        return sh[ndx * SH_WORDS + 1];
    }

    public long fileOffset(int ndx) {
        return sh[ndx * SH_WORDS + 3];
    }

    /// Bytes in the file (in memory, for NOBITS); a compressed section's packed size.
    public long size(int ndx) {
        return sh[ndx * SH_WORDS + 4];
    }

    public int link(int ndx) {
        return (int) sh[ndx * SH_WORDS + 5];
    }

    public int info(int ndx) {
        return (int) (sh[ndx * SH_WORDS + 5] >>> 32);
    }

    /// Bytes; 0 and 1 both mean none.
    public long alignment(int ndx) {
        return sh[ndx * SH_WORDS + 6];
    }

    public long entsize(int ndx) {
        return sh[ndx * SH_WORDS + 7];
    }

    public int symbolCount() {
        return symbolCount;
    }

    /// The first symbol that is not STB_LOCAL (sh_info of the symbol table).
    public int firstGlobal() {
        return firstGlobal;
    }

    /// The symbol-name string table; [#symbolNameOffset] points into it.
    public byte[] symbolNames() {
        return symbolNames;
    }

    public int symbolNameOffset(int i) {
        return (int) sym[i * SYM_WORDS];
    }

    public String symbolName(int i) {
        return string(symbolNames, symbolNameOffset(i));
    }

    /// st_info.
    public int symbolInfo(int i) {
        return (int) (sym[i * SYM_WORDS] >>> 32) & 0xff;
    }

    /// st_other.
    public int symbolOther(int i) {
        return (int) (sym[i * SYM_WORDS] >>> 40) & 0xff;
    }

    /// In which mode the processor executes what an arm object's function symbol names: [klink.elf.Arm#THUMB] or [klink.elf.Arm#CODE], to be
    /// or-ed to an address; 0 for all else.
    public long symbolMode(int i) {
        if (!modes) {
            return 0;
        }
        int type = symbolInfo(i) & 0xf;
        return type != Elf.STT_FUNC && type != Elf.STT_GNU_IFUNC ? 0 : sym[i * SYM_WORDS + 1] << 63 != 0 ? klink.elf.Arm.THUMB : klink.elf.Arm.CODE;
    }

    /// st_shndx with SHN_XINDEX resolved; SHN_ABS and SHN_COMMON as they are, made negative so that
    /// they cannot be taken for the section of that number: see [#SPECIAL].
    public int symbolSection(int i) {
        int shndx = (int) (sym[i * SYM_WORDS] >>> 48);
        if (shndx < Elf.SHN_LORESERVE) {
            return shndx;
        }
        return shndx == Elf.SHN_XINDEX ? wideIndex[i] : shndx - SPECIAL;
    }

    /// Subtracted from a reserved st_shndx: SHN_ABS reads as `SHN_ABS - SPECIAL`, a negative number.
    public static final int SPECIAL = 0x10000;
    public static final int ABS = Elf.SHN_ABS - SPECIAL;
    public static final int COMMON = Elf.SHN_COMMON - SPECIAL;

    /// st_value, without the mark of Thumb code ([#symbolMode]).
    public long symbolValue(int i) {
        return modes && symbolMode(i) == klink.elf.Arm.THUMB ? sym[i * SYM_WORDS + 1] & -2 : sym[i * SYM_WORDS + 1];
    }

    /// st_value as the file has it.
    public long rawValue(int i) {
        return sym[i * SYM_WORDS + 1];
    }

    public long symbolSize(int i) {
        return sym[i * SYM_WORDS + 2];
    }

    /// The NUL-terminated string at `offset` of a table of this file.
    public static String string(byte[] table, int offset) {
        int end = offset;
        while (table[end] != 0) {
            end++;
        }
        return new String(table, offset, end - offset, java.nio.charset.StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return name;
    }
}
