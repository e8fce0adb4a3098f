package klink.symvers;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.BitSet;
import klink.arch.Machine;
import klink.elf.Elf;
import klink.input.ObjectFile;
import klink.kernel.Config;
import klink.mem.Endian;
import klink.mem.IntList;
import klink.mem.IntSort;
import klink.mem.LE;
import klink.mem.LongList;

/// The kernel's table of exports as an object of the link, in the place of kbuild's `.vmlinux.export.o`, which a C compiler
/// makes of `.vmlinux.export.c`: checksums (`___kcrctab+X`, with CONFIG_MODVERSIONS), and where objects hold only records of
/// exports, the entries of the symbol table themselves (`___ksymtab+X`) with their strings. A defconfig kernel
/// has 11,000; the object has 1.5 MB without and 3 MB with entries.
///
/// It is a file in memory, of the form that a compiler would write, so that no pass knows it from any other input. Only
/// this differs: kbuild gives every entry a section of its own, which linker scripts sort by name (`SORT(___ksymtab+*)`);
/// here the entries of one kind are one section, sorted already, and the link has 11,000 sections less to place.
public final class ExportObject {
    /// As kbuild calls it, for the file patterns of scripts.
    private static final String FILE = ".vmlinux.export.o";
    private static final String SOURCE = ".vmlinux.export.c";
    private static final byte[] NONE = {};
    private static final byte[] STRING = SymbolName.ascii("__kstrtab_");
    private static final byte[] NAMESPACE = SymbolName.ascii("__kstrtabns_");
    private static final byte[] ENTRY = SymbolName.ascii("__ksymtab_");
    private static final byte[] CRC = SymbolName.ascii("__crc_");

    private final Exports exports;
    private final Crcs crcs;
    private final int machine;
    private final Endian endian;
    /// Rows to export, in their order, and then those of each kind in the order of names.
    private final int[] rows;
    private final int[] sorted;
    private final long[] heads;
    /// By row: its place in the table of its kind.
    private final int[] place;
    private int gplCount;

    private final Bytes names;
    private final LongList symbols;
    private int localCount;
    private final LongList headers = new LongList(128);
    private final Bytes body;

    private ExportObject(Exports exports, Crcs crcs, BitSet used, Machine machine) {
        this.exports = exports;
        this.crcs = crcs;
        this.machine = machine.number();
        endian = machine.endian();
        var list = new IntList(exports.count());
        for (int i = 0; i < exports.count(); i++) {
            if (used == null || used.get(i)) {
                list.add(i);
            }
        }
        rows = list.toArray();
        names = new Bytes(160 * rows.length);
        body = new Bytes(420 * rows.length);
        symbols = new LongList(16 * rows.length);
        sorted = rows.clone();
        heads = new long[exports.count()];
        for (int row : rows) {
            heads[row] = head(row);
        }
        IntSort.sort(sorted, this::byName);
        place = new int[exports.count()];
        int plain = 0;
        for (int row : sorted) {
            place[row] = exports.isGpl(row) ? gplCount++ : plain++;
        }
    }

    /// The object.
    /// @param crcs null without CONFIG_MODVERSIONS
    /// @param used rows to export; null: all
    public static ObjectFile of(Exports exports, Crcs crcs, BitSet used, Machine machine, Config config) {
        byte[] file = new ExportObject(exports, crcs, used, machine).write(exports.form().makesEntries() ? EntryReference.of(machine.number(), config) : null);
        return new ObjectFile("<exports>", null, FILE, MemorySegment.ofArray(file));
    }

    /// The order of `SORT` in scripts: that of the bytes.
    private int byName(int a, int b) {
        return heads[a] != heads[b] ? Long.compareUnsigned(heads[a], heads[b]) : Arrays.compareUnsigned(exports.nameTable(a), exports.nameOffset(a), exports.nameOffset(a) + exports.nameLength(a),
                exports.nameTable(b), exports.nameOffset(b), exports.nameOffset(b) + exports.nameLength(b));
    }

    /// The first eight bytes of a name, as a number of the same order: they decide nearly always.
    private long head(int row) {
        byte[] table = exports.nameTable(row);
        int at = exports.nameOffset(row);
        int n = Math.min(8, exports.nameLength(row));
        long head = 0;
        for (int i = 0; i < n; i++) {
            head = head << 8 | table[at + i] & 0xff;
        }
        return n == 0 ? 0 : head << 64 - 8 * n; // names have no NUL, so a shorter one comes first
    }

    private static final int PLAIN = 0;
    private static final int GPL = 1;

    private byte[] write(EntryReference reference) {
        body.add(new byte[Elf.EHDR_SIZE]);
        names.add(0);
        header(0, 0, 0, 0, 0, 0, 0, 0);
        symbol(0, 0, 0, 0);
        symbol(string(SOURCE), Elf.STT_FILE, Elf.SHN_ABS, 0);
        section(".note.GNU-stack", Elf.SHT_PROGBITS, 0, 1, new byte[0]);
        int[] counts = {rows.length - gplCount, gplCount};
        var labels = new int[place.length];
        boolean makesEntries = reference != null && rows.length > 0;
        int[] entries = new int[2];
        if (makesEntries) {
            int size = 3 * reference.size();
            int strings = headerCount();
            number(entries, counts, strings + 1);
            section("__ksymtab_strings", Elf.SHT_PROGBITS, Elf.SHF_ALLOC | Elf.SHF_MERGE | Elf.SHF_STRINGS, 1, strings(strings, entries, labels, size));
            headers.set(8 * strings + 7, 1);
            tables("___ksymtab", entries, reference.size(), new byte[][] {new byte[size * counts[PLAIN]], new byte[size * counts[GPL]]});
        }
        if (crcs != null) {
            checksums(counts);
        }
        localCount = symbols.size() / 3;
        if (makesEntries) {
            relocations(reference, entries, labels, counts);
        }
        return finish();
    }

    /// Gives each kind of which there is any its section, from `first` on: an empty one would leave a trace in the image.
    private static void number(int[] sections, int[] counts, int first) {
        sections[PLAIN] = counts[PLAIN] == 0 ? 0 : first;
        sections[GPL] = counts[GPL] == 0 ? 0 : first + (counts[PLAIN] == 0 ? 0 : 1);
    }

    private void tables(String name, int[] sections, int alignment, byte[][] contents) {
        for (int kind = PLAIN; kind <= GPL; kind++) {
            if (sections[kind] != 0) {
                section(name + (kind == GPL ? "_gpl+" : "+"), Elf.SHT_PROGBITS, Elf.SHF_ALLOC, alignment, contents[kind]);
            }
        }
    }

    /// Names and namespaces of all exports, and the labels of each: name, namespace, entry.
    /// @param ndx     the section that the strings will be
    /// @param entries those of the entries
    private byte[] strings(int ndx, int[] entries, int[] labels, int size) {
        var strings = new Bytes(24 * rows.length);
        for (int row : rows) {
            labels[row] = symbols.size() / 3;
            symbol(name(STRING, row), 0, ndx, strings.size());
            strings.add(exports.nameTable(row), exports.nameOffset(row), exports.nameLength(row));
            strings.add(0);
            symbol(name(NAMESPACE, row), 0, ndx, strings.size());
            strings.add(exports.namespaceBytes(row));
            strings.add(0);
            symbol(name(ENTRY, row), 0, entries[exports.isGpl(row) ? GPL : PLAIN], (long) size * place[row]);
        }
        return strings.toArray();
    }

    private void checksums(int[] counts) {
        var words = new byte[][] {new byte[4 * counts[PLAIN]], new byte[4 * counts[GPL]]};
        int[] sections = new int[2];
        number(sections, counts, headerCount());
        for (int row : rows) {
            int kind = exports.isGpl(row) ? GPL : PLAIN;
            endian.put32(words[kind], 4 * place[row], crcs.crc(row));
            symbol(name(CRC, row), 0, sections[kind], 4L * place[row]);
        }
        tables("___kcrctab", sections, 4, words);
    }

    /// The references of all entries, to symbols that other objects define.
    private void relocations(EntryReference reference, int[] entries, int[] labels, int[] counts) {
        var tables = new byte[][] {new byte[3 * Elf.RELA_SIZE * counts[PLAIN]], new byte[3 * Elf.RELA_SIZE * counts[GPL]]};
        for (int row : rows) {
            int target = symbols.size() / 3;
            symbol(name(NONE, row), Elf.STB_GLOBAL << 4, Elf.SHN_UNDEF, 0);
            byte[] table = tables[exports.isGpl(row) ? GPL : PLAIN];
            int at = 3 * Elf.RELA_SIZE * place[row];
            long offset = 3L * reference.size() * place[row];
            relocation(table, at, offset, target, reference);
            relocation(table, at + Elf.RELA_SIZE, offset + reference.size(), labels[row], reference);
            relocation(table, at + 2 * Elf.RELA_SIZE, offset + 2L * reference.size(), labels[row] + 1, reference);
        }
        for (int kind = PLAIN; kind <= GPL; kind++) {
            if (entries[kind] != 0) {
                int ndx = section(kind == GPL ? ".rela___ksymtab_gpl+" : ".rela___ksymtab+", Elf.SHT_RELA, Elf.SHF_INFO_LINK, 8, tables[kind]);
                int symtab = kind == PLAIN && entries[GPL] != 0 ? ndx + 2 : ndx + 1; // it follows both
                headers.set(8 * ndx + 5, symtab | (long) entries[kind] << 32);
                headers.set(8 * ndx + 7, Elf.RELA_SIZE);
            }
        }
    }

    private static void relocation(byte[] table, int at, long offset, int symbol, EntryReference reference) {
        LE.put64(table, at, offset);
        LE.put64(table, at + 8, (long) symbol << 32 | reference.type());
    }

    private void symbol(int name, int info, int section, long value) {
        symbols.add(name | (long) info << 32 | (long) section << 48);
        symbols.add(value);
        symbols.add(0);
    }

    private int string(String s) {
        int at = names.size();
        names.add(SymbolName.ascii(s));
        names.add(0);
        return at;
    }

    private int name(byte[] prefix, int row) {
        int at = names.size();
        names.add(prefix);
        names.add(exports.nameTable(row), exports.nameOffset(row), exports.nameLength(row));
        names.add(0);
        return at;
    }

    private int headerCount() {
        return headers.size() / 8;
    }

    private int section(String name, int type, long flags, int alignment, byte[] contents) {
        while (body.size() % alignment != 0) {
            body.add(0);
        }
        int ndx = headerCount();
        header(string(name), type, flags, body.size(), contents.length, 0, alignment, 0);
        body.add(contents);
        return ndx;
    }

    private void header(int name, int type, long flags, long offset, long size, long linkAndInfo, long alignment, long entsize) {
        headers.add(name | (long) type << 32);
        headers.add(flags);
        headers.add(0);
        headers.add(offset);
        headers.add(size);
        headers.add(linkAndInfo);
        headers.add(alignment);
        headers.add(entsize);
    }

    /// Symbols, names, section headers, and the header of the file.
    private byte[] finish() {
        int symtab = section(".symtab", Elf.SHT_SYMTAB, 0, 8, bytes(symbols));
        headers.set(8 * symtab + 5, symtab + 1 | (long) localCount << 32);
        headers.set(8 * symtab + 7, Elf.SYM_SIZE);
        int at = string(".strtab"); // names of symbols and of sections
        header(at, Elf.SHT_STRTAB, 0, body.size(), names.size(), 0, 1, 0);
        body.add(names.toArray());
        while (body.size() % 8 != 0) {
            body.add(0);
        }
        int table = body.size();
        body.add(bytes(headers));
        byte[] file = body.toArray();
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
        LE.put16(file, 60, headerCount());
        LE.put16(file, 62, symtab + 1);
        return file;
    }

    private static byte[] bytes(LongList words) {
        var bytes = new byte[8 * words.size()];
        for (int i = 0; i < words.size(); i++) {
            LE.put64(bytes, 8 * i, words.get(i));
        }
        return bytes;
    }
}
