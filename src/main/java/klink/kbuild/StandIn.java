package klink.kbuild;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import klink.elf.Elf;
import klink.elf.ElfClass;
import klink.input.ObjectFile;
import klink.input.RelocationTable;
import klink.input.SectionBytes;
import klink.mem.Endian;
import klink.mem.LE;
import klink.mem.LongList;
import klink.resolve.Symbols;
import klink.symvers.MergeOrder;

/// A small object in the place of `vmlinux.o`: what the kernel build reads from that file, and nothing else.
///
/// kbuild merges every object of the kernel into `vmlinux.o` (40 MB for a defconfig, 800 MB with debug information) so
/// that modpost can look for section mismatches, which klink finds without it. Besides code, the file holds what others
/// need, some 100 KB to 1 MB:
///
/// - `.modinfo` of built-in modules, of which scripts/Makefile.vmlinux_o makes `modules.builtin.modinfo`;
/// - exports, for modpost: in 6.1 the names `__ksymtab_X`, the names of the sections they are in, and namespaces, strings at
///   `__kstrtabns_X`; in 6.12 one section `.export_symbol` of labelled records, each with a relocation to what is exported
///   (include/linux/export.h of both);
/// - common symbols, which modpost complains of.
///
/// All in the order in which the kernel's linker would merge it, so that what modpost writes has the same order. `.comment` says what the file is.
public final class StandIn {
    /// What the file says of itself: `readelf -p .comment vmlinux.o`.
    public static final String COMMENT = "stand-in for vmlinux.o, made by klink for modpost: exports and .modinfo, no code; do not link it";

    private static final byte[] KSYMTAB = ascii("__ksymtab_");
    private static final byte[] KSTRTABNS = ascii("__kstrtabns_");
    private static final byte[] GPL_SECTION = ascii("___ksymtab_gpl+");
    private static final byte[] PLAIN_SECTION = ascii("___ksymtab+");
    private static final byte[] EXPORT_SYMBOL = ascii(".export_symbol");
    private static final byte[] MODINFO = ascii(".modinfo");

    // Section numbers of the file.
    private static final int TEXT = 1;
    private static final int PLAIN = 2;
    private static final int GPL = 3;
    private static final int STRINGS = 4;
    private static final int EXPORTS = 5;
    private static final int EXPORTS_RELA = 6;
    private static final int COMMENTS = 7;
    private static final int SYMTAB = 8;
    private static final int STRTAB = 9;
    private static final int SHSTRTAB = 10;
    /// Last, as objcopy fails if it is asked for a section that is not there, and kbuild counts on that too.
    private static final int INFO = 11;

    private final Symbols symbols;
    private final ByteArrayOutputStream modinfo = new ByteArrayOutputStream();
    private final ByteArrayOutputStream strings = new ByteArrayOutputStream();
    private final ByteArrayOutputStream exports = new ByteArrayOutputStream();
    private final ByteArrayOutputStream names = new ByteArrayOutputStream();
    private final LongList locals = new LongList();
    private final LongList globals = new LongList();
    /// Offset, target (a global's id; or -1 - a local's place in [#locals]), type, addend: four a relocation.
    private final LongList references = new LongList();
    private final HashMap<Integer, Integer> globalIndex = new HashMap<>();
    private boolean hasModinfo;

    private StandIn(Symbols symbols) {
        this.symbols = symbols;
    }

    /// The bytes of the file.
    /// @param symbols resolved as for `-r`, without a script
    /// @param order   in which order the kernel's linker would list the files' local symbols
    public static byte[] of(Symbols symbols, int machine, MergeOrder order) {
        var s = new StandIn(symbols);
        s.names.write(0);
        s.strings.write(0);
        var exporting = new boolean[symbols.fileCount()];
        var files = new ArrayList<ObjectFile>();
        for (int f = 0; f < exporting.length; f++) {
            exporting[f] = s.read(f);
            files.add(symbols.file(f));
        }
        for (int f : order.order(files)) {
            if (exporting[f]) {
                s.readKsymtab(f);
            }
        }
        for (int g : symbols.commons()) {
            s.globals.add(s.name(symbols.names().name(g)) | (long) (Elf.STB_GLOBAL << 4 | Elf.STT_OBJECT) << 32 | (long) Elf.SHN_COMMON << 48);
            s.globals.add(symbols.commonAlignment(g));
            s.globals.add(symbols.commonSize(g));
        }
        return s.write(machine);
    }

    /// Takes the sections of a file that are wanted as they are; whether it has exports as 6.1 has them.
    private boolean read(int f) {
        ObjectFile file = symbols.file(f);
        byte[] table = file.sectionNames();
        boolean exporting = false;
        for (int ndx = 1; ndx < file.sectionCount(); ndx++) {
            if (symbols.isDiscarded(symbols.firstSection(f) + ndx)) {
                continue;
            }
            int at = file.nameOffset(ndx);
            if (is(table, at, MODINFO)) {
                hasModinfo = true;
                append(file, ndx, modinfo);
            } else if (is(table, at, EXPORT_SYMBOL)) {
                readRecords(f, file, ndx);
            } else if (!exporting && table[at] == '_') {
                exporting = starts(table, at, PLAIN_SECTION) || starts(table, at, GPL_SECTION);
            }
        }
        return exporting;
    }

    /// The exports of 6.1 and before: a section and two names each.
    private void readKsymtab(int f) {
        ObjectFile file = symbols.file(f);
        byte[] table = file.symbolNames();
        for (int i = 1; i < file.symbolCount(); i++) {
            int at = file.symbolNameOffset(i);
            if (table[at] != '_') {
                continue;
            }
            int ndx = file.symbolSection(i);
            if (ndx <= 0 || ndx >= file.sectionCount() || symbols.isDiscarded(symbols.firstSection(f) + ndx)) {
                continue;
            }
            if (starts(table, at, KSYMTAB)) {
                int section = file.nameOffset(ndx);
                if (starts(file.sectionNames(), section, GPL_SECTION)) {
                    addLocal(file.symbolName(i), GPL, 0);
                } else if (starts(file.sectionNames(), section, PLAIN_SECTION)) {
                    addLocal(file.symbolName(i), PLAIN, 0);
                }
            } else if (starts(table, at, KSTRTABNS)) {
                String namespace = string(file, ndx, file.symbolValue(i));
                if (!namespace.isEmpty()) {
                    addLocal(file.symbolName(i), STRINGS, strings.size());
                    strings.writeBytes((namespace + "\0").getBytes(StandardCharsets.UTF_8));
                }
            }
        }
    }

    /// The exports of 6.12: records as they are, their labels, and what they refer to.
    private void readRecords(int f, ObjectFile file, int ndx) {
        int base = append(file, ndx, exports);
        var moved = new HashMap<Integer, Integer>();
        for (int i = 1; i < file.symbolCount(); i++) {
            if (file.symbolSection(i) == ndx && Elf.type(file.symbolInfo(i)) != Elf.STT_SECTION) {
                addLocal(file.symbolName(i), EXPORTS, base + file.symbolValue(i));
            }
        }
        for (int r = 1; r < file.sectionCount(); r++) {
            if (!RelocationTable.is(file, r) || file.info(r) != ndx) {
                continue;
            }
            long[] one = new long[3];
            for (long i = 0; i < RelocationTable.count(file, r); i++) {
                RelocationTable.read(file, r, i, 1, one);
                int symbol = (int) (one[1] >>> 32);
                if (symbol < 0 || symbol >= file.symbolCount()) {
                    throw file.bad(file.fileOffset(r) + i * RelocationTable.entrySize(file), "relocation names symbol " + Integer.toUnsignedString(symbol) + " of " + file.symbolCount());
                }
                references.add(base + one[0]);
                references.add(symbol >= file.firstGlobal() ? symbols.global(f, symbol) : -1 - moved.computeIfAbsent(symbol, s -> local(file, s)));
                references.add(one[1] & 0xffff_ffffL);
                references.add(one[2]);
            }
        }
    }

    /// A local symbol that is exported: modpost says that it must not be.
    private int local(ObjectFile file, int symbol) {
        addLocal(file.symbolName(symbol), TEXT, 0);
        return locals.size() / 3 - 1;
    }

    private void addLocal(String name, int section, long value) {
        locals.add(name(name) | (long) section << 48);
        locals.add(value);
        locals.add(0);
    }

    /// The index among the globals of the file of what is exported: only its name, binding, kind and whether it is
    /// defined matter.
    private int global(int g) {
        return globalIndex.computeIfAbsent(g, _ -> {
            int kind = symbols.kind(g);
            int info = (kind == Symbols.DEFINED_WEAK || kind == Symbols.UNDEFINED_WEAK ? Elf.STB_WEAK : Elf.STB_GLOBAL) << 4;
            int section = Elf.SHN_UNDEF;
            if (kind == Symbols.DEFINED || kind == Symbols.DEFINED_WEAK) {
                info |= Elf.type(symbols.file(symbols.definingFile(g)).symbolInfo(symbols.definingSymbol(g)));
                section = TEXT;
            }
            globals.add(name(symbols.names().name(g)) | (long) info << 32 | (long) section << 48);
            globals.add(0);
            globals.add(0);
            return globals.size() / 3 - 1;
        });
    }

    private byte[] write(int machine) {
        var rela = new LongList();
        for (int r = 0; r < references.size(); r += 4) {
            long to = references.get(r + 1);
            long symbol = 1 + (to < 0 ? -1 - to : locals.size() / 3 + global((int) to));
            rela.add(references.get(r));
            rela.add(symbol << 32 | references.get(r + 2));
            rela.add(references.get(r + 3));
        }
        var symtab = new LongList();
        for (int i = 0; i < 3; i++) {
            symtab.add(0);
        }
        copy(locals, symtab);
        copy(globals, symtab);
        var file = new ObjectWriter(machine, symbols.fileCount() == 0 ? Endian.LITTLE : symbols.file(0).endian());
        file.section(TEXT, ".text", Elf.SHT_PROGBITS, Elf.SHF_ALLOC | Elf.SHF_EXECINSTR, 1, new byte[0]);
        file.section(PLAIN, "___ksymtab+", Elf.SHT_PROGBITS, Elf.SHF_ALLOC, 1, new byte[0]);
        file.section(GPL, "___ksymtab_gpl+", Elf.SHT_PROGBITS, Elf.SHF_ALLOC, 1, new byte[0]);
        file.section(STRINGS, "__ksymtab_strings", Elf.SHT_PROGBITS, Elf.SHF_ALLOC, 1, strings.toByteArray());
        file.section(EXPORTS, ".export_symbol", Elf.SHT_PROGBITS, Elf.SHF_ALLOC, 8, exports.toByteArray());
        ElfClass of = file.elfClass();
        file.section(EXPORTS_RELA, of.relocationPrefix() + ".export_symbol", of.relocations(), Elf.SHF_INFO_LINK, of.word, file.relocations(rela));
        file.linked(EXPORTS_RELA, SYMTAB, EXPORTS, of.relocation());
        file.section(COMMENTS, ".comment", Elf.SHT_PROGBITS, 0, 1, (COMMENT + "\0").getBytes(StandardCharsets.UTF_8));
        file.section(SYMTAB, ".symtab", Elf.SHT_SYMTAB, 0, of.word, file.symbols(symtab));
        file.linked(SYMTAB, STRTAB, 1 + locals.size() / 3, of.sym);
        file.section(STRTAB, ".strtab", Elf.SHT_STRTAB, 0, 1, names.toByteArray());
        file.names(SHSTRTAB);
        if (hasModinfo) {
            file.section(INFO, ".modinfo", Elf.SHT_PROGBITS, Elf.SHF_ALLOC, 1, modinfo.toByteArray());
        }
        return file.bytes();
    }

    private static void copy(LongList from, LongList to) {
        for (int i = 0; i < from.size(); i++) {
            to.add(from.get(i));
        }
    }

    private int name(String name) {
        int at = names.size();
        names.writeBytes((name + "\0").getBytes(StandardCharsets.UTF_8));
        return at;
    }

    /// Adds a section's bytes, aligned; where they start.
    private static int append(ObjectFile file, int ndx, ByteArrayOutputStream to) {
        long alignment = file.alignment(ndx);
        if (alignment > 1 << 12) {
            throw file.bad(file.fileOffset(ndx), "section " + file.sectionName(ndx) + " is aligned to " + alignment + " bytes");
        }
        while (alignment > 1 && (to.size() & alignment - 1) != 0) {
            to.write(0);
        }
        int start = to.size();
        to.writeBytes(LE.all(SectionBytes.of(file, ndx)));
        return start;
    }

    private static String string(ObjectFile file, int ndx, long offset) {
        MemorySegment bytes = SectionBytes.of(file, ndx);
        long end = offset;
        while (end >= 0 && end < bytes.byteSize() && LE.u8(bytes, end) != 0) {
            end++;
        }
        if (end < 0 || end >= bytes.byteSize()) {
            throw file.bad(file.fileOffset(ndx), "no string at offset 0x" + Long.toHexString(offset) + " of section " + file.sectionName(ndx));
        }
        return new String(LE.copy(bytes, offset, Math.toIntExact(end - offset)), StandardCharsets.UTF_8);
    }

    private static boolean starts(byte[] table, int at, byte[] prefix) {
        return at + prefix.length <= table.length && Arrays.equals(table, at, at + prefix.length, prefix, 0, prefix.length);
    }

    private static boolean is(byte[] table, int at, byte[] name) {
        return starts(table, at, name) && at + name.length < table.length && table[at + name.length] == 0;
    }

    private static byte[] ascii(String s) {
        return s.getBytes(StandardCharsets.US_ASCII);
    }
}
