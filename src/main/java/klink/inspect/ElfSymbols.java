package klink.inspect;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import klink.elf.Elf;
import klink.inspect.ElfImage.Section;
import klink.mem.SegmentLE;

/// The symbol table of an image, as arrays by symbol index: about 127,000 entries for a kernel, three
/// times that over all of its objects.
///
/// Section indices are resolved through `SHT_SYMTAB_SHNDX` where the table needs it, so `shndx` is an
/// index of [ElfImage#sections] or one of the two reserved values that a link leaves behind.
public final class ElfSymbols {
    private static final int NARROW_SYM = 16;

    private final ElfImage image;
    private final boolean wide;
    private final long[] value;
    private final long[] size;
    private final int[] nameOffset;
    private final int[] shndx;
    private final byte[] info;
    private final byte[] other;
    private final long namesAt;
    private final long namesSize;
    private final long tableAt;
    private Map<String, Integer> globals;

    private ElfSymbols(ElfImage image, long tableAt, int count, long namesAt, long namesSize) {
        this.image = image;
        wide = image.isWide();
        this.tableAt = tableAt;
        this.namesAt = namesAt;
        this.namesSize = namesSize;
        value = new long[count];
        size = new long[count];
        nameOffset = new int[count];
        shndx = new int[count];
        info = new byte[count];
        other = new byte[count];
    }

    static ElfSymbols read(ElfImage image) {
        Section table = null;
        MemorySegment extended = null;
        for (Section s : image.sections()) {
            if (s.type() == Elf.SHT_SYMTAB) {
                table = s;
            } else if (s.type() == Elf.SHT_SYMTAB_SHNDX) {
                extended = image.bytes(s);
            }
        }
        if (table == null) {
            return new ElfSymbols(image, 0, 0, 0, 0);
        }
        long at = table.fileOffset();
        int entry = image.isWide() ? Elf.SYM_SIZE : NARROW_SYM;
        if (table.entsize() != entry || table.size() % entry != 0) {
            throw image.bad(at, "symbol table of " + table.size() + " bytes with entries of " + table.entsize());
        }
        if (table.size() / entry > Integer.MAX_VALUE / Elf.SYM_SIZE) {
            throw image.bad(at, "symbol table of " + table.size() + " bytes is too large");
        }
        Section names = image.sections().get(table.link());
        if (names.type() != Elf.SHT_STRTAB) {
            throw image.bad(at, "the symbol table's names are in section " + names.name() + ", not a string table");
        }
        MemorySegment data = image.data();
        if (names.size() > 0 && SegmentLE.u8(data, names.fileOffset() + names.size() - 1) != 0) {
            throw image.bad(names.fileOffset() + names.size() - 1, "string table does not end with NUL");
        }
        var symbols = new ElfSymbols(image, at, (int) (table.size() / entry), names.fileOffset(), names.size());
        symbols.fill(data, extended);
        return symbols;
    }

    private void fill(MemorySegment data, MemorySegment extended) {
        int sections = image.sections().size();
        for (int i = 0; i < value.length; i++) {
            long p = at(i);
            int kind = wide ? 4 : 12; // st_info, st_other, st_shndx
            long name = image.endian().u32(data, p);
            if (name >= namesSize && name != 0) {
                throw image.bad(p, "symbol " + i + " has its name outside the string table");
            }
            nameOffset[i] = (int) name;
            info[i] = (byte) SegmentLE.u8(data, p + kind);
            other[i] = (byte) SegmentLE.u8(data, p + kind + 1);
            int ndx = image.endian().u16(data, p + kind + 2);
            if (ndx == Elf.SHN_XINDEX) {
                if (extended == null || extended.byteSize() < 4L * i + 4) {
                    throw image.bad(p + kind + 2, "symbol " + i + " needs an extended section index, and there is none");
                }
                ndx = image.endian().i32(extended, 4L * i);
                if (ndx < 0 || ndx >= sections) {
                    throw image.bad(p + kind + 2, "symbol " + i + " is in section " + ndx + ", which does not exist");
                }
            } else if (ndx >= sections && ndx < Elf.SHN_LORESERVE) {
                throw image.bad(p + kind + 2, "symbol " + i + " is in section " + ndx + ", which does not exist");
            }
            shndx[i] = ndx;
            value[i] = image.word(p + 8, p + 4);
            size[i] = image.word(p + 16, p + 8);
        }
    }

    public int count() {
        return value.length;
    }

    public String name(int i) {
        return image.string(namesAt, namesSize, nameOffset[i] & 0xffff_ffffL, at(i));
    }

    public boolean hasName(int i) {
        return nameOffset[i] != 0 && SegmentLE.u8(image.data(), namesAt + (nameOffset[i] & 0xffff_ffffL)) != 0;
    }

    /// st_value as it stands in the file.
    public long value(int i) {
        return value[i];
    }

    /// The address of what a symbol names: on arm without the bit that says that a function is Thumb code, as nm has it.
    public long address(int i) {
        boolean marked = !wide && image.fileHeader().machine() == Elf.EM_ARM && (type(i) == Elf.STT_FUNC || type(i) == Elf.STT_GNU_IFUNC);
        return marked ? value[i] & -2 : value[i];
    }

    private long at(int i) {
        return tableAt + (long) i * (wide ? Elf.SYM_SIZE : NARROW_SYM);
    }

    public long size(int i) {
        return size[i];
    }

    public int shndx(int i) {
        return shndx[i];
    }

    /// Whether the symbol is in a section of the file: neither undefined nor absolute nor common.
    public boolean isInSection(int i) {
        return shndx[i] != Elf.SHN_UNDEF && (shndx[i] < Elf.SHN_LORESERVE || image.sections().size() > shndx[i]);
    }

    public int type(int i) {
        return Elf.type(info[i] & 0xff);
    }

    public int bind(int i) {
        return Elf.bind(info[i] & 0xff);
    }

    /// All of `st_other`, of which the low two bits are the visibility.
    public int other(int i) {
        return other[i] & 0xff;
    }

    /// The name of the symbol's section, or the psABI's word for a reserved index.
    public String sectionName(int i) {
        return switch (shndx[i]) {
            case Elf.SHN_UNDEF -> "UND";
            case Elf.SHN_ABS -> "ABS";
            case Elf.SHN_COMMON -> "COMMON";
            default -> isInSection(i) ? image.sections().get(shndx[i]).name() : "0x" + Integer.toHexString(shndx[i]);
        };
    }

    /// The index of the global or weak definition of this name, or -1. An image has at most one.
    public synchronized int global(String name) {
        if (globals == null) {
            globals = new HashMap<>();
            for (int i = 1; i < value.length; i++) {
                if (bind(i) != Elf.STB_LOCAL && shndx[i] != Elf.SHN_UNDEF) {
                    globals.put(name(i), i);
                }
            }
        }
        return globals.getOrDefault(name, -1);
    }

    /// The index of a definition of this name, global before local, or -1.
    public int find(String name) {
        int global = global(name);
        if (global >= 0) {
            return global;
        }
        for (int i = 1; i < value.length; i++) {
            if (shndx[i] != Elf.SHN_UNDEF && name(i).equals(name)) {
                return i;
            }
        }
        return -1;
    }

    /// Turns addresses into `symbol+0x10`, for messages only.
    public Locator locator() {
        int n = 0;
        var addresses = new long[value.length];
        for (int i = 1; i < value.length; i++) {
            if (isPlace(i)) {
                addresses[n++] = value[i];
            }
        }
        Arrays.sort(addresses, 0, n);
        int distinct = 0;
        for (int i = 0; i < n; i++) {
            if (i == 0 || addresses[i] != addresses[i - 1]) {
                addresses[distinct++] = addresses[i];
            }
        }
        addresses = Arrays.copyOf(addresses, distinct);
        var indices = new int[distinct];
        for (int i = 1; i < value.length; i++) {
            if (isPlace(i)) {
                int at = Arrays.binarySearch(addresses, value[i]);
                if (indices[at] == 0 || bind(i) != Elf.STB_LOCAL && bind(indices[at]) == Elf.STB_LOCAL) {
                    indices[at] = i;
                }
            }
        }
        return new Locator(addresses, indices);
    }

    private boolean isPlace(int i) {
        return type(i) != Elf.STT_SECTION && type(i) != Elf.STT_FILE && isInSection(i)
                && image.sections().get(shndx[i]).isAlloc() && hasName(i);
    }

    /// Named addresses in order; of several symbols at one address, a global one gives the name.
    public final class Locator {
        private final long[] addresses;
        private final int[] indices;

        private Locator(long[] addresses, int[] indices) {
            this.addresses = addresses;
            this.indices = indices;
        }

        /// The nearest symbol at or below an address.
        public String name(long address) {
            int at = Arrays.binarySearch(addresses, address);
            int below = at >= 0 ? at : -at - 2;
            if (below < 0) {
                return "0x" + Long.toHexString(address);
            }
            String name = ElfSymbols.this.name(indices[below]);
            long into = address - addresses[below];
            return into == 0 ? name : name + "+0x" + Long.toHexString(into);
        }
    }
}
