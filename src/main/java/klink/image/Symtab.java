package klink.image;

import klink.elf.Elf;
import klink.input.ObjectFile;
import klink.layout.Addresses;
import klink.mem.LE;
import klink.merge.MergedSections;
import klink.par.Par;
import klink.place.Placement;
import klink.resolve.NameTable;
import klink.resolve.Symbols;
import klink.symtab.OutputSymbols;
import klink.veneer.Labels;

/// The bytes of `.symtab` and `.strtab`. Names are not shared: finding the 2% of bytes that could be
/// would take longer than writing them.
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
    /// Whether a symbol is of a GNU kind: STT_GNU_IFUNC, STB_GNU_UNIQUE.
    boolean usesGnu;
    final byte[] entries;
    final byte[] names;
    /// SHT_SYMTAB_SHNDX contents, null if no section index needs it.
    final byte[] wide;

    /// @param headerOf section header index by output section
    /// @param groups   of a relocatable link, else null
    /// @param veneers  as many as the list has room for
    Symtab(OutputSymbols list, Symbols symbols, Placement place, MergedSections merged, Addresses at, int[] headerOf, GroupSections groups, Labels veneers,
            boolean needsWide, int threads) {
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
        nameAt = new int[n + 1];
        Par.loop((n + RANGE - 1) / RANGE, threads, (r, _) -> {
            for (int i = Math.max(first, r * RANGE); i < Math.min(n, (r + 1) * RANGE); i++) {
                nameAt[i + 1] = lengthAt(i, first);
            }
        });
        int size = 1;
        for (int i = first; i < n; i++) {
            int length = nameAt[i + 1];
            nameAt[i] = length == 0 ? 0 : size;
            size = Math.addExact(size, length == 0 ? 0 : length + 1);
        }
        entries = new byte[Math.multiplyExact(n, Elf.SYM_SIZE)];
        names = new byte[size];
        wide = needsWide ? new byte[n * 4] : null;
        for (int i = 0; i < list.sectionCount(); i++) {
            put(1 + i, 0, Elf.STT_SECTION, 0, headerOf[list.section(i)], at.address(list.section(i)), 0);
        }
        Par.loop((n + RANGE - 1) / RANGE, threads, (r, _) -> {
            for (int i = Math.max(first, r * RANGE); i < Math.min(n, (r + 1) * RANGE); i++) {
                int hidden = list.firstGlobal() - list.addedCount();
                if (i - first < list.localCount()) {
                    local(i, i - first);
                } else if (i >= hidden && i < list.firstGlobal()) {
                    veneer(i, i - hidden);
                } else {
                    global(i, i - first - list.localCount() - (i < hidden ? 0 : list.addedCount()));
                }
            }
        });
    }

    private int lengthAt(int i, int first) {
        int hidden = list.firstGlobal() - list.addedCount();
        if (i < hidden) {
            return nameLength(i - first);
        }
        return i < list.firstGlobal() ? veneers.nameLength(i - hidden) : nameLength(i - first - list.addedCount());
    }

    private void veneer(int i, int v) {
        copyName(i, veneers.names(), veneers.nameOffset(v), veneers.nameLength(v));
        put(i, nameAt[i], veneers.info(v), Elf.STV_DEFAULT, headerOf[veneers.section(v)], veneers.address(v), veneers.size(v));
    }

    /// Of what the objects and the script have.
    private int nameLength(int i) {
        if (i < list.localCount()) {
            return NameTable.length(list.localNames(i), list.localNameOffset(i));
        }
        return symbols.names().length(list.global(i - list.localCount()));
    }

    private void local(int i, int l) {
        int f = list.localFile(l);
        int ndx = list.localSymbol(l);
        ObjectFile file = symbols.file(f);
        int out = list.localOutput(l);
        boolean ofGroup = out < 0 && groups != null && file.symbolSection(ndx) > 0; // the name of a group stands in it
        copyName(i, list.localNames(l), list.localNameOffset(l), nameLength(l));
        long value = file.symbolSection(ndx) > 0 ? value(f, ndx) : file.symbolValue(ndx);
        put(i, nameAt[i], file.symbolInfo(ndx), file.symbolOther(ndx),
                ofGroup ? groups.header(symbols.firstSection(f) + file.symbolSection(ndx)) : header(out, value), value, file.symbolSize(ndx));
    }

    private void global(int i, int k) {
        int g = list.global(k);
        boolean hidden = k < list.hiddenCount();
        NameTable t = symbols.names();
        copyName(i, t.table(g), t.offset(g), t.length(g));
        int bind = hidden ? Elf.STB_LOCAL : Elf.STB_GLOBAL;
        int visibility = hidden ? Elf.STV_DEFAULT : symbols.visibility(g); // a local one has none (bfd/elflink.c)
        switch (symbols.kind(g)) {
            case Symbols.SCRIPT -> {
                int s = at.scriptSection(g);
                put(i, nameAt[i], bind << 4 | at.scriptType(g), visibility, s >= 0 ? headerOf[s] : ObjectFile.ABS, at.scriptAddress(g), sizeInObject(g));
            }
            case Symbols.DEFINED, Symbols.DEFINED_WEAK -> {
                int f = symbols.definingFile(g);
                int ndx = symbols.definingSymbol(g);
                ObjectFile file = symbols.file(f);
                int section = file.symbolSection(ndx);
                int b = hidden ? Elf.STB_LOCAL : Elf.bind(file.symbolInfo(ndx));
                int out = section > 0 ? place.outputOf(symbols.firstSection(f) + section) : -1;
                put(i, nameAt[i], b << 4 | Elf.type(file.symbolInfo(ndx)), file.symbolOther(ndx) & ~3 | visibility,
                        header(out, value(f, ndx)), value(f, ndx), file.symbolSize(ndx));
            }
            case Symbols.COMMON -> put(i, nameAt[i], bind << 4 | Elf.STT_OBJECT, visibility, ObjectFile.COMMON, symbols.commonAlignment(g), symbols.commonSize(g));
            default -> {
                int b = symbols.kind(g) == Symbols.UNDEFINED_WEAK ? Elf.STB_WEAK : Elf.STB_GLOBAL;
                put(i, nameAt[i], b << 4, visibility, Elf.SHN_UNDEF, 0, 0);
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

    private void copyName(int i, byte[] table, int offset, int length) {
        System.arraycopy(table, offset, names, nameAt[i], length);
    }

    private void put(int i, int name, int info, int other, int shndx, long value, long size) {
        int o = i * Elf.SYM_SIZE;
        if (Elf.type(info) == Elf.STT_GNU_IFUNC || Elf.bind(info) == Elf.STB_GNU_UNIQUE) {
            usesGnu = true;
        }
        LE.put32(entries, o, name);
        entries[o + 4] = (byte) info;
        entries[o + 5] = (byte) other;
        if (shndx < 0) {
            shndx += ObjectFile.SPECIAL;
        } else if (shndx >= Elf.SHN_LORESERVE) {
            LE.put32(wide, i * 4, shndx);
            shndx = Elf.SHN_XINDEX;
        }
        LE.put16(entries, o + 6, shndx);
        LE.put64(entries, o + 8, value);
        LE.put64(entries, o + 16, size);
    }
}
