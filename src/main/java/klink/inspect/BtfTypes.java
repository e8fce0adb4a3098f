package klink.inspect;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import klink.inspect.ElfImage.Section;
import klink.mem.Endian;
import klink.mem.IntList;
import klink.mem.LE;
import klink.mem.SegmentLE;
import klink.report.BadInput;

/// The `.BTF` section (Documentation/bpf/btf.rst), indexed: where each type starts. 113,575 types in 5.0 MB
/// for a defconfig. Opening it walks the types once; what cannot be walked is bad input.
final class BtfTypes {
    static final int INT = 1;
    static final int PTR = 2;
    static final int ARRAY = 3;
    static final int STRUCT = 4;
    static final int UNION = 5;
    static final int ENUM = 6;
    static final int FWD = 7;
    static final int TYPEDEF = 8;
    static final int VOLATILE = 9;
    static final int CONST = 10;
    static final int RESTRICT = 11;
    static final int FUNC = 12;
    static final int FUNC_PROTO = 13;
    static final int VAR = 14;
    static final int DATASEC = 15;
    static final int FLOAT = 16;
    static final int DECL_TAG = 17;
    static final int TYPE_TAG = 18;
    static final int ENUM64 = 19;
    static final String[] KINDS = {"void", "INT", "PTR", "ARRAY", "STRUCT", "UNION", "ENUM", "FWD", "TYPEDEF", "VOLATILE", "CONST",
        "RESTRICT", "FUNC", "FUNC_PROTO", "VAR", "DATASEC", "FLOAT", "DECL_TAG", "TYPE_TAG", "ENUM64"};
    static final int RECORD = 12;

    private static final int MAGIC = 0xeb9f;
    private static final int MIN_HEADER = 24;

    private final String file;
    private final long fileOffset;
    private final MemorySegment bytes;
    private final Endian order;
    private final long types;
    private final long strings;
    final long stringsSize;
    private final int[] starts;
    /// The types that these continue, null for none: how many there are, and bytes of their strings.
    private final BtfTypes base;
    private final int before;
    private final long stringsBefore;

    private BtfTypes(String file, long fileOffset, MemorySegment bytes, BtfTypes base) {
        this.file = file;
        this.base = base;
        before = base == null ? 0 : base.count() - 1;
        stringsBefore = base == null ? 0 : base.stringsSize;
        this.fileOffset = fileOffset;
        this.bytes = bytes;
        order = order(bytes);
        if (bytes.byteSize() < MIN_HEADER || order.u16(bytes, 0) != MAGIC) {
            throw bad(0, "no BTF header");
        }
        if (SegmentLE.u8(bytes, 2) != 1) {
            throw bad(2, "BTF version " + SegmentLE.u8(bytes, 2));
        }
        long header = order.u32(bytes, 4);
        long typesSize = order.u32(bytes, 12);
        long ownStrings = order.u32(bytes, 20);
        stringsSize = stringsBefore + ownStrings;
        types = header + order.u32(bytes, 8);
        strings = header + order.u32(bytes, 16);
        if (header < MIN_HEADER || types + typesSize > bytes.byteSize() || strings + ownStrings > bytes.byteSize()) {
            throw bad(4, "the parts of the BTF section run beyond it");
        }
        if (base == null && (ownStrings == 0 || SegmentLE.u8(bytes, strings) != 0) || ownStrings > 0 && SegmentLE.u8(bytes, strings + ownStrings - 1) != 0) {
            throw bad(strings, "BTF strings do not start and end with NUL");
        }
        starts = index(typesSize);
    }

    /// The magic number tells.
    private static Endian order(MemorySegment bytes) {
        return bytes.byteSize() >= 2 && Endian.BIG.u16(bytes, 0) == MAGIC ? Endian.BIG : Endian.LITTLE;
    }

    static BtfTypes read(ElfImage image, Section section) {
        return new BtfTypes(image.file(), section.fileOffset(), image.bytes(section), null);
    }

    /// The `.BTF` of an ELF file, or a file that is nothing else (`/sys/kernel/btf/vmlinux`).
    static BtfTypes open(Path path) {
        return open(path, null);
    }

    /// Types that continue others: a module's, on the kernel's.
    static BtfTypes open(Path path, BtfTypes base) {
        MemorySegment all = ElfImage.map(path);
        if (all.byteSize() >= 2 && order(all).u16(all, 0) == MAGIC) {
            return new BtfTypes(path.toString(), 0, all, base);
        }
        ElfImage image = ElfImage.of(path.toString(), all);
        Section section = image.section(".BTF").orElseThrow(() -> new BadInput(path.toString(), 0, "no .BTF section"));
        return new BtfTypes(image.file(), section.fileOffset(), image.bytes(section), base);
    }

    private int[] index(long size) {
        var list = new IntList(1 << 16);
        list.add(-1);
        long at = 0;
        while (at < size) {
            if (size - at < RECORD) {
                throw bad(types + at, "BTF ends inside type " + list.size());
            }
            int info = order.i32(bytes, types + at + 4);
            int kind = info >>> 24 & 0x1f;
            int vlen = info & 0xffff;
            long length = switch (kind) {
                case INT, VAR, DECL_TAG -> 4;
                case ARRAY -> 12;
                case STRUCT, UNION, DATASEC, ENUM64 -> 12L * vlen;
                case ENUM, FUNC_PROTO -> 8L * vlen;
                case PTR, FWD, TYPEDEF, VOLATILE, CONST, RESTRICT, FUNC, FLOAT, TYPE_TAG -> 0;
                default -> throw bad(types + at + 4, "BTF type " + list.size() + " is of kind " + kind + ", which does not exist");
            };
            if (length > size - at - RECORD) {
                throw bad(types + at, "BTF ends inside type " + list.size());
            }
            list.add((int) at);
            at += RECORD + length;
        }
        return list.toArray();
    }

    private BadInput bad(long at, String what) {
        return new BadInput(file, fileOffset + at, what);
    }

    /// One more than the highest type id; id 0 is void.
    int count() {
        return before + starts.length;
    }

    /// The first id that is not the base's.
    int first() {
        return before + 1;
    }

    int kind(int id) {
        return id == 0 ? 0 : id <= before ? base.kind(id) : order.i32(bytes, types + starts[id - before] + 4) >>> 24 & 0x1f;
    }

    int vlen(int id) {
        return id <= before ? base.vlen(id) : order.i32(bytes, types + starts[id - before] + 4) & 0xffff;
    }

    /// The second word: kind, flag, number of parts.
    long info(int id) {
        return id <= before ? base.info(id) : order.u32(bytes, types + starts[id - before] + 4);
    }

    /// The third word: a size or a type id, by kind.
    long sizeOrType(int id) {
        return id <= before ? base.sizeOrType(id) : order.u32(bytes, types + starts[id - before] + 8);
    }

    long nameOffset(int id) {
        return id <= before ? base.nameOffset(id) : order.u32(bytes, types + starts[id - before]);
    }

    /// Word `word` of what follows the type's record.
    long word(int id, long word) {
        return id <= before ? base.word(id, word) : order.u32(bytes, types + starts[id - before] + RECORD + 4 * word);
    }

    boolean isString(long offset) {
        return offset < stringsSize;
    }

    String string(long offset) {
        if (offset < stringsBefore) {
            return base.string(offset);
        }
        long start = strings + offset - stringsBefore;
        long end = start;
        while (SegmentLE.u8(bytes, end) != 0) {
            end++;
        }
        var name = new byte[(int) (end - start)];
        LE.bytes(bytes, start, name, 0, name.length);
        return new String(name, StandardCharsets.ISO_8859_1);
    }

    String name(int id) {
        return id == 0 ? "void" : string(nameOffset(id));
    }
}
