package klink.image;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import klink.arch.Machine;
import klink.elf.Arm;
import klink.elf.Elf;
import klink.elf.ElfClass;
import klink.input.ObjectFile;
import klink.input.Tables32;
import klink.layout.Addresses;
import klink.mem.Endian;
import klink.mem.LE;
import klink.merge.MergedSections;
import klink.par.Par;
import klink.place.Placement;
import klink.resolve.NameTable;
import klink.resolve.Symbols;
import klink.symtab.OutputSymbols;
import klink.veneer.Labels;

/// The bytes of `.symtab` and `.strtab`, made and written a range of symbols at a time: a gigabyte of code has 13 million of them. Names
/// are not shared: finding the 2% of bytes that could be would take longer than writing them.
final class Symtab {
    private static final int RANGE = 8192;

    private final OutputSymbols list;
    private final Symbols symbols;
    private final Placement place;
    private final MergedSections merged;
    private final Addresses at;
    private final int[] headerOf;
    private final GroupSections groups;
    private final int[] nameAt;
    private final klink.got.ThreadStorage tls;
    private final Labels veneers;
    private final ElfClass elfClass;
    private final Endian endian;
    /// Whether a symbol is of a GNU kind: STT_GNU_IFUNC, STB_GNU_UNIQUE.
    private volatile boolean usesGnu;
    private final int count;
    private final int firstNamed;
    private final boolean wide;
    /// By range: where its names begin; at the end, the size of `.strtab`.
    private final int[] namesFrom;

    /// One range of symbols, in a thread's buffers.
    static final class Part {
        private final byte[] entries = new byte[RANGE * Elf.SYM_SIZE]; // 64-bit ones are the larger
        private final byte[] wide = new byte[RANGE * 4];
        private byte[] names = new byte[1 << 16];
        private int first;
        private int namesFrom;
    }

    /// @param headerOf section header index by output section
    /// @param groups   of a relocatable link, else null
    /// @param veneers  as many as the list has room for
    Symtab(OutputSymbols list, Symbols symbols, Placement place, MergedSections merged, Addresses at, int[] headerOf, GroupSections groups, Labels veneers,
            boolean needsWide, Machine machine, int threads) {
        elfClass = machine.elfClass();
        endian = machine.endian();
        this.veneers = veneers;
        this.list = list;
        this.symbols = symbols;
        this.place = place;
        this.merged = merged;
        this.at = at;
        this.headerOf = headerOf;
        this.groups = groups;
        tls = klink.got.ThreadStorage.of(at);
        int first = 1 + list.sectionCount();
        int n = list.count();
        count = n;
        firstNamed = first;
        wide = needsWide;
        nameAt = new int[n + 1];
        Par.loop(ranges(), threads, (r, _) -> {
            for (int i = Math.max(first, r * RANGE); i < Math.min(n, (r + 1) * RANGE); i++) {
                nameAt[i + 1] = lengthAt(i, first);
            }
        });
        namesFrom = new int[ranges() + 1];
        int size = 1;
        for (int i = 0; i < n; i++) {
            if (i % RANGE == 0 && i > 0) {
                namesFrom[i / RANGE] = size;
            }
            int length = i < first ? 0 : nameAt[i + 1];
            nameAt[i] = length == 0 ? 0 : size;
            size = Math.addExact(size, length == 0 ? 0 : length + 1);
        }
        namesFrom[ranges()] = size;
    }

    /// Into how many ranges the table is cut.
    int ranges() {
        return (count + RANGE - 1) / RANGE;
    }

    /// Bytes of `.symtab`.
    long size() {
        return (long) count * elfClass.sym;
    }

    /// Bytes of `.strtab`.
    int namesSize() {
        return namesFrom[ranges()];
    }

    /// Bytes of the SHT_SYMTAB_SHNDX section, if a section index needs it.
    long wideSize() {
        return wide ? 4L * count : 0;
    }

    /// Whether a symbol is of a GNU kind: STT_GNU_IFUNC, STB_GNU_UNIQUE. Known once all is written.
    boolean usesGnu() {
        return usesGnu;
    }

    /// Makes and writes one range.
    /// @param part   the thread's
    /// @param at     file offsets of the two tables, and of SHT_SYMTAB_SHNDX
    /// @param number of the first of two parts of the digest
    void write(int range, Part part, OutputFile file, long[] at, Digest digest, int number) {
        part.first = range * RANGE;
        part.namesFrom = namesFrom[range];
        int end = Math.min(count, part.first + RANGE);
        int length = namesFrom[range + 1] - part.namesFrom;
        if (part.names.length < length) {
            part.names = new byte[length + length / 4];
        }
        if (range == 0) {
            Arrays.fill(part.entries, 0, elfClass.sym, (byte) 0); // the null symbol, and the empty name
            part.names[0] = 0;
        }
        Arrays.fill(part.wide, (byte) 0);
        int hidden = list.firstGlobal() - list.addedCount();
        for (int i = Math.max(1, part.first); i < end; i++) {
            if (i < firstNamed) {
                int out = list.section(i - 1);
                put(part, i, Elf.STT_SECTION, 0, headerOf[out], this.at.address(out), 0);
            } else if (i - firstNamed < list.localCount()) {
                local(part, i, i - firstNamed);
            } else if (i >= hidden && i < list.firstGlobal()) {
                veneer(part, i, i - hidden);
            } else {
                global(part, i, i - firstNamed - list.localCount() - (i < hidden ? 0 : list.addedCount()));
            }
        }
        int bytes = (end - part.first) * elfClass.sym;
        if (endian.isBig()) {
            Tables32.symbols(MemorySegment.ofArray(part.entries), 0, bytes, endian);
            endian.words(MemorySegment.ofArray(part.wide), 0, (end - part.first) * 4L);
        }
        file.write(MemorySegment.ofArray(part.entries).asSlice(0, bytes), at[0] + (long) part.first * elfClass.sym);
        file.write(MemorySegment.ofArray(part.names).asSlice(0, length), at[1] + part.namesFrom);
        if (wide) {
            file.write(MemorySegment.ofArray(part.wide).asSlice(0, (end - part.first) * 4L), at[2] + part.first * 4L);
        }
        digest.add(number, part.entries, bytes);
        digest.add(number + 1, part.names, length);
    }

    private int lengthAt(int i, int first) {
        int hidden = list.firstGlobal() - list.addedCount();
        if (i < hidden) {
            return nameLength(i - first);
        }
        return i < list.firstGlobal() ? veneers.nameLength(i - hidden) : nameLength(i - first - list.addedCount());
    }

    private void veneer(Part part, int i, int v) {
        copyName(part, i, veneers.names(), veneers.nameOffset(v), veneers.nameLength(v));
        put(part, i, veneers.info(v), Elf.STV_DEFAULT, headerOf[veneers.section(v)], veneers.moded(v), veneers.size(v));
    }

    /// Of what the objects and the script have.
    private int nameLength(int i) {
        if (i < list.localCount()) {
            return NameTable.length(list.localNames(i), list.localNameOffset(i));
        }
        return symbols.names().length(list.global(i - list.localCount()));
    }

    private void local(Part part, int i, int l) {
        int f = list.localFile(l);
        int ndx = list.localSymbol(l);
        ObjectFile file = symbols.file(f);
        int out = list.localOutput(l);
        boolean ofGroup = out < 0 && groups != null && file.symbolSection(ndx) > 0; // the name of a group stands in it
        copyName(part, i, list.localNames(l), list.localNameOffset(l), nameLength(l));
        long value = file.symbolSection(ndx) > 0 ? value(f, ndx) : file.symbolValue(ndx);
        put(part, i, file.symbolInfo(ndx), file.symbolOther(ndx),
                ofGroup ? groups.header(symbols.firstSection(f) + file.symbolSection(ndx)) : header(out, value), value | file.symbolMode(ndx), file.symbolSize(ndx));
    }

    private void global(Part part, int i, int k) {
        int g = list.global(k);
        boolean hidden = k < list.hiddenCount();
        NameTable t = symbols.names();
        copyName(part, i, t.table(g), t.offset(g), t.length(g));
        int bind = hidden ? Elf.STB_LOCAL : Elf.STB_GLOBAL;
        int visibility = hidden ? Elf.STV_DEFAULT : symbols.visibility(g); // a local one has none (bfd/elflink.c)
        switch (symbols.kind(g)) {
            case Symbols.SCRIPT -> {
                int s = at.scriptSection(g);
                put(part, i, bind << 4 | at.scriptType(g), visibility | at.scriptOther(g), s >= 0 ? headerOf[s] : ObjectFile.ABS, at.scriptAddress(g) | at.scriptMode(g), sizeInObject(g));
            }
            case Symbols.DEFINED, Symbols.DEFINED_WEAK -> {
                int f = symbols.definingFile(g);
                int ndx = symbols.definingSymbol(g);
                ObjectFile file = symbols.file(f);
                int section = file.symbolSection(ndx);
                int b = hidden ? Elf.STB_LOCAL : Elf.bind(file.symbolInfo(ndx));
                int out = section > 0 ? place.outputOf(symbols.firstSection(f) + section) : -1;
                put(part, i, b << 4 | Elf.type(file.symbolInfo(ndx)), file.symbolOther(ndx) & ~3 | visibility,
                        header(out, value(f, ndx)), value(f, ndx) | file.symbolMode(ndx), file.symbolSize(ndx));
            }
            case Symbols.COMMON -> put(part, i, bind << 4 | Elf.STT_OBJECT, visibility, ObjectFile.COMMON, symbols.commonAlignment(g), symbols.commonSize(g));
            default -> {
                int b = symbols.kind(g) == Symbols.UNDEFINED_WEAK ? Elf.STB_WEAK : Elf.STB_GLOBAL;
                put(part, i, b << 4, visibility, Elf.SHN_UNDEF, 0, 0);
            }
        }
    }

    /// What an object says of the size of a name that the script then gave another value (arm64: `__kvm_nvhe_memcpy`).
    private long sizeInObject(int g) {
        int f = symbols.definingFile(g);
        int ndx = symbols.definingSymbol(g);
        return f < 0 || ndx <= 0 || symbols.file(f).symbolSection(ndx) <= 0 ? 0 : symbols.file(f).symbolSize(ndx);
    }

    /// st_value: an address, or an offset in the thread-local storage template (gABI, "Symbol Values").
    private long value(int f, int ndx) {
        long address = at.symbolAddress(f, ndx, merged);
        return Elf.type(symbols.file(f).symbolInfo(ndx)) == Elf.STT_TLS ? tls.moduleOffset(address) : address;
    }

    private int header(int out, long value) {
        int home = out < 0 ? -1 : at.home(out, value);
        return home < 0 ? ObjectFile.ABS : headerOf[home];
    }

    private void copyName(Part part, int i, byte[] table, int offset, int length) {
        if (length > 0) {
            int to = nameAt[i] - part.namesFrom;
            System.arraycopy(table, offset, part.names, to, length);
            part.names[to + length] = 0;
        }
    }

    private void put(Part part, int i, int info, int other, int shndx, long value, long size) {
        byte[] entries = part.entries;
        int o = (i - part.first) * elfClass.sym;
        if (Elf.type(info) == Elf.STT_GNU_IFUNC || Elf.bind(info) == Elf.STB_GNU_UNIQUE) {
            usesGnu = true;
        }
        LE.put32(entries, o, nameAt[i]);
        if (shndx < 0) {
            shndx += ObjectFile.SPECIAL;
        } else if (shndx >= Elf.SHN_LORESERVE) {
            LE.put32(part.wide, (i - part.first) * 4, shndx);
            shndx = Elf.SHN_XINDEX;
        }
        if (!elfClass.is64()) {
            LE.put32(entries, o + 4, (int) value | ((value & Arm.THUMB) != 0 ? 1 : 0));
            LE.put32(entries, o + 8, (int) size);
            o += 8;
        }
        entries[o + 4] = (byte) info;
        entries[o + 5] = (byte) other;
        LE.put16(entries, o + 6, shndx);
        if (elfClass.is64()) {
            LE.put64(entries, o + 8, value);
            LE.put64(entries, o + 16, size);
        }
    }
}
