package klink.dynamic;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import klink.elf.Elf;
import klink.input.ObjectFile;
import klink.layout.Addresses;
import klink.mem.LE;
import klink.place.OutputSection;
import klink.place.Placement;
import klink.resolve.NameTable;

/// The sections that a dynamic linker would read, of an image that moves, for kernels whose startup code asks for them.
///
/// powerpc's does (arch/powerpc/kernel/reloc_64.S): it finds the size of `.rela.dyn` and where the table was linked by the tags RELA,
/// RELASZ and RELAENT. Nobody binds symbols in a kernel. But binutils' readers show an image's RELATIVE entries only if there is a table of
/// symbols (the kernel's relocs_check.sh reads them so), and so that an image is GNU ld's to the byte they have what that puts in them: two sections,
/// the weak names that nothing defines ([WeakWords]), hash tables that find these, a dynamic linker's path.
public final class DynamicSections {
    /// The name that the linker gives to the start of `.dynamic`.
    public static final String NAME = "_DYNAMIC";
    /// Symbols of `.dynsym` before the names: the null symbol, the first section that is only read, the first that is written to.
    public static final int FIRST_NAME = 3;

    private static final int DT_HASH = 4;
    private static final int DT_STRTAB = 5;
    private static final int DT_SYMTAB = 6;
    private static final int DT_RELA = 7;
    private static final int DT_RELASZ = 8;
    private static final int DT_RELAENT = 9;
    private static final int DT_STRSZ = 10;
    private static final int DT_SYMENT = 11;
    private static final int DT_DEBUG = 21;
    private static final int DT_TEXTREL = 22;
    private static final int DT_FLAGS = 30;
    private static final int DF_TEXTREL = 4;
    private static final int DT_GNU_HASH = 0x6fff_fef5;
    private static final int DT_PPC64_OPT = 0x7000_0003;
    private static final int DT_RELACOUNT = 0x6fff_fff9;
    private static final int DT_FLAGS_1 = 0x6fff_fffb;
    private static final int DF_1_PIE = 0x0800_0000;
    /// Those of a position independent executable with relocations in what is only read, and five that GNU ld keeps for tools to fill in.
    private static final int TAGS = 20;
    private static final int TEXTREL_TAGS = 2;
    private static final int SYMBOL_SIZE = 24;
    private static final Set<String> LINKERS_OWN = Set.of(".got", ".plt", ".iplt", ".branch_lt", ".dynamic", ".dynsym", ".dynstr", ".hash", ".gnu.hash", ".interp", ".rela.dyn");
    private static final int SHT_HASH = 5;
    private static final int SHT_GNU_HASH = 0x6fff_fff6;
    private static final byte[] INTERPRETER = "/usr/lib/ld.so.1\0".getBytes(StandardCharsets.US_ASCII);
    /// Buckets of `.hash` for fewer names than the next has (bfd, `elf_buckets`).
    private static final int[] BUCKETS = {1, 3, 17, 37, 67, 97, 131, 197, 263, 521, 1031, 2053, 4099, 8209, 16411, 32771};

    private final ObjectFile symbols;
    private final ObjectFile strings;
    private final ObjectFile tags;
    private final ObjectFile hash;
    private final ObjectFile gnuHash;
    private final ObjectFile interpreter;
    private final ObjectFile contents;

    public DynamicSections(int machine) {
        contents = ObjectFile.synthetic("<table of contents>", machine, ".got", Elf.SHT_PROGBITS, Elf.SHF_ALLOC | Elf.SHF_WRITE, 8, 8);
        symbols = ObjectFile.synthetic("<dynamic symbols>", machine, ".dynsym", Elf.SHT_DYNSYM, Elf.SHF_ALLOC, 8, SYMBOL_SIZE);
        strings = ObjectFile.synthetic("<dynamic strings>", machine, ".dynstr", Elf.SHT_PROGBITS, Elf.SHF_ALLOC, 1, 1);
        tags = ObjectFile.synthetic("<dynamic tags>", machine, ".dynamic", Elf.SHT_DYNAMIC, Elf.SHF_ALLOC | Elf.SHF_WRITE, 8, 16L * TAGS);
        hash = ObjectFile.synthetic("<hash table>", machine, ".hash", SHT_HASH, Elf.SHF_ALLOC, 8, 8);
        gnuHash = ObjectFile.synthetic("<GNU hash table>", machine, ".gnu.hash", SHT_GNU_HASH, Elf.SHF_ALLOC, 8, 28);
        interpreter = ObjectFile.synthetic("<interpreter>", machine, ".interp", Elf.SHT_PROGBITS, Elf.SHF_ALLOC, 1, INTERPRETER.length);
    }

    /// The first word of the table of contents: its own base (ELF V2 ABI, "TOC"), as `.got` of
    /// whoever binds symbols starts. GNU ld does not let it move with the image, and no kernel reads it.
    public ObjectFile contents() {
        return contents;
    }

    public static byte[] contents(long base) {
        var bytes = new byte[8];
        LE.put64(bytes, 0, base);
        return bytes;
    }

    /// What is linked after everything else.
    public List<ObjectFile> objects() {
        return List.of(interpreter, symbols, strings, tags, hash, gnuHash);
    }

    /// Bytes of one of these.
    /// @param names      those of [WeakWords#names]
    /// @param inReadOnly whether words of sections that are only read move
    public long size(ObjectFile made, int[] names, NameTable table, boolean inReadOnly) {
        if (made == symbols) {
            return (long) SYMBOL_SIZE * (FIRST_NAME + names.length);
        }
        if (made == strings) {
            return strings(names, table).length;
        }
        if (made == tags) {
            return 16L * (inReadOnly ? TAGS : TAGS - TEXTREL_TAGS);
        }
        return made == hash ? 4L * (2 + buckets(names.length) + FIRST_NAME + names.length) : made.size(1);
    }

    private static byte[] strings(int[] names, NameTable table) {
        var out = new ByteArrayOutputStream();
        out.write(0);
        for (int g : names) {
            out.write(table.table(g), table.offset(g), table.length(g));
            out.write(0);
        }
        return out.toByteArray();
    }

    private static int buckets(int names) {
        int i = 0;
        while (i + 1 < BUCKETS.length && names >= BUCKETS[i + 1]) {
            i++;
        }
        return BUCKETS[i];
    }

    /// What the bytes depend on.
    /// @param rela      address of `.rela.dyn`
    /// @param relaSize  its bytes
    /// @param relatives how many of its entries are RELATIVE
    /// @param address   of the input section that each object makes; 0 if the script dropped it
    public record Facts(int[] names, NameTable table, boolean inReadOnly, long rela, long relaSize, long relatives, java.util.function.ToLongFunction<ObjectFile> address) {}

    /// The bytes of one of these objects.
    public byte[] bytes(ObjectFile made, Facts facts, Placement place, Addresses at) {
        if (made == symbols) {
            return symbols(facts, place, at);
        }
        if (made == strings) {
            return strings(facts.names, facts.table);
        }
        if (made == tags) {
            return tags(facts);
        }
        if (made == hash) {
            return hash(facts);
        }
        return made == interpreter ? INTERPRETER.clone() : emptyGnuHash();
    }

    private static byte[] symbols(Facts facts, Placement place, Addresses at) {
        var bytes = new byte[SYMBOL_SIZE * (FIRST_NAME + facts.names.length)];
        int index = 0;
        int read = 0;
        int written = 0;
        for (OutputSection s : place.sections()) {
            index += at.isKept(s.id()) ? 1 : 0;
            if (!at.isKept(s.id()) || !s.isAlloc() || LINKERS_OWN.contains(s.name())) {
                continue;
            }
            boolean writable = (at.flags(s.id()) & Elf.SHF_WRITE) != 0;
            if (writable ? written == 0 : read == 0) {
                read = writable ? read : index;
                written = writable ? index : written;
                section(bytes, read != 0 && written != 0 ? 2 : 1, index, at.address(s.id()));
            }
        }
        int name = 1;
        for (int i = 0; i < facts.names.length; i++) {
            LE.put32(bytes, SYMBOL_SIZE * (FIRST_NAME + i), name);
            bytes[SYMBOL_SIZE * (FIRST_NAME + i) + 4] = Elf.STB_WEAK << 4;
            name += facts.table.length(facts.names[i]) + 1;
        }
        return bytes;
    }

    private static void section(byte[] bytes, int i, int index, long address) {
        bytes[SYMBOL_SIZE * i + 4] = Elf.STT_SECTION;
        LE.put16(bytes, SYMBOL_SIZE * i + 6, index);
        LE.put64(bytes, SYMBOL_SIZE * i + 8, address);
    }

    private byte[] tags(Facts facts) {
        var address = facts.address;
        long[] all = {DT_HASH, address.applyAsLong(hash), DT_GNU_HASH, address.applyAsLong(gnuHash), DT_STRTAB, address.applyAsLong(strings), DT_SYMTAB, address.applyAsLong(symbols),
            DT_STRSZ, strings(facts.names, facts.table).length, DT_SYMENT, SYMBOL_SIZE, DT_DEBUG, 0, DT_PPC64_OPT, 0, DT_RELA, facts.rela, DT_RELASZ, facts.relaSize,
            DT_RELAENT, Elf.RELA_SIZE, DT_TEXTREL, 0, DT_FLAGS, DF_TEXTREL, DT_FLAGS_1, DF_1_PIE, DT_RELACOUNT, facts.relatives};
        var bytes = new byte[16 * (facts.inReadOnly ? TAGS : TAGS - TEXTREL_TAGS)];
        int to = 0;
        for (int i = 0; i < all.length; i += 2) {
            if (facts.inReadOnly || all[i] != DT_TEXTREL && all[i] != DT_FLAGS) {
                LE.put64(bytes, to, all[i]);
                LE.put64(bytes, to + 8, all[i + 1]);
                to += 16;
            }
        }
        return bytes;
    }

    /// gABI, "Hash Table".
    private static byte[] hash(Facts facts) {
        int buckets = buckets(facts.names.length);
        int count = FIRST_NAME + facts.names.length;
        var bytes = new byte[4 * (2 + buckets + count)];
        LE.put32(bytes, 0, buckets);
        LE.put32(bytes, 4, count);
        for (int i = 0; i < facts.names.length; i++) {
            int g = facts.names[i];
            long h = 0;
            for (int k = 0; k < facts.table.length(g); k++) {
                h = (h << 4) + (facts.table.table(g)[facts.table.offset(g) + k] & 0xff);
                h = (h ^ (h & 0xf000_0000L) >>> 24) & 0x0fff_ffffL;
            }
            int bucket = 4 * (2 + (int) (h % buckets));
            LE.put32(bytes, 4 * (2 + buckets + FIRST_NAME + i), LE.i32(bytes, bucket));
            LE.put32(bytes, bucket, FIRST_NAME + i);
        }
        return bytes;
    }

    /// One that finds nothing, as nothing is defined.
    private static byte[] emptyGnuHash() {
        var bytes = new byte[28];
        LE.put32(bytes, 0, 1);
        LE.put32(bytes, 4, 1);
        LE.put32(bytes, 8, 1);
        return bytes;
    }
}
