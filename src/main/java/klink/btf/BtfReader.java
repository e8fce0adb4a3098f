package klink.btf;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import klink.mem.Endian;
import klink.mem.LE;
import klink.report.BadInput;

/// Type information in BTF, opened and checked: the kernel's types in the form its BPF verifier reads
/// (Documentation/bpf/btf.rst).
///
/// The link needs it to number `.BTF_ids`. The types section is one array of records of different sizes,
/// so their starts must be found by walking it once; after that a type is its position in an `int[]`. A
/// defconfig has 113,575 types in 5 MB.
///
/// [#of] checks what every user relies on: the sections lie inside the blob, records do not run out
/// of theirs, names point into the strings, and the strings end. The order of bytes is told by the magic number; here words are numbers.
public final class BtfReader {
    public static final int MAGIC = 0xeb9f;

    public static final int KIND_INT = 1;
    public static final int KIND_PTR = 2;
    public static final int KIND_ARRAY = 3;
    public static final int KIND_STRUCT = 4;
    public static final int KIND_UNION = 5;
    public static final int KIND_ENUM = 6;
    public static final int KIND_FWD = 7;
    public static final int KIND_TYPEDEF = 8;
    public static final int KIND_VOLATILE = 9;
    public static final int KIND_CONST = 10;
    public static final int KIND_RESTRICT = 11;
    public static final int KIND_FUNC = 12;
    public static final int KIND_FUNC_PROTO = 13;
    public static final int KIND_VAR = 14;
    public static final int KIND_DATASEC = 15;
    public static final int KIND_FLOAT = 16;
    public static final int KIND_DECL_TAG = 17;
    public static final int KIND_TYPE_TAG = 18;
    public static final int KIND_ENUM64 = 19;

    private static final int HEADER_SIZE = 24;
    /// Words of a record before what its kind adds: name offset, info, size or type.
    private static final int COMMON_WORDS = 3;

    private final String file;
    private final int[] types;
    private final byte[] strings;
    /// First word in `types` of each id, from [#before] on; entry 0 is unused (void has no record).
    private final int[] starts;
    /// The types that these continue; null if they stand alone.
    private final BtfReader base;
    /// Ids and bytes of strings that the base has.
    private final int before;
    private final int stringsBefore;

    private BtfReader(String file, int[] types, byte[] strings, int[] starts, BtfReader base) {
        this.file = file;
        this.types = types;
        this.strings = strings;
        this.starts = starts;
        this.base = base;
        before = base == null ? 0 : base.lastId();
        stringsBefore = stringsOf(base);
    }

    private static int stringsOf(BtfReader base) {
        return base == null ? 0 : base.stringsBefore + base.strings.length;
    }

    /// Opens the contents of a `.BTF` section.
    ///
    /// @param file where it came from, for messages; offsets in them count from the start of `blob`
    public static BtfReader of(MemorySegment blob, String file) {
        return of(blob, file, null);
    }

    /// Opens types that continue others, as a module's do the kernel's: ids and offsets of names go on where those of the
    /// base end.
    public static BtfReader of(MemorySegment blob, String file, BtfReader base) {
        long size = blob.byteSize();
        if (size < HEADER_SIZE) {
            throw new BadInput(file, 0, "BTF: " + size + " bytes are less than a header");
        }
        if (!begins(blob)) {
            throw new BadInput(file, 0, "BTF: bad magic 0x" + Integer.toHexString(LE.u16(blob, 0)));
        }
        if (LE.u8(blob, 2) != 1) {
            throw new BadInput(file, 2, "BTF: version " + LE.u8(blob, 2) + " is not supported");
        }
        Endian order = order(blob);
        long header = order.u32(blob, 4);
        if (header < HEADER_SIZE || header > size) {
            throw new BadInput(file, 4, "BTF: header length " + header + " in " + size + " bytes");
        }
        long typesAt = section(blob, order, header, 8, "types", file);
        long stringsAt = section(blob, order, header, 16, "strings", file);
        long typesSize = order.u32(blob, 12);
        if (typesSize % Integer.BYTES != 0 || typesSize > Integer.MAX_VALUE) {
            throw new BadInput(file, 12, "BTF: types section of " + typesSize + " bytes");
        }
        byte[] strings = strings(blob, stringsAt, order.u32(blob, 20), file, base != null);
        var types = new int[(int) (typesSize / Integer.BYTES)];
        LE.ints(blob, typesAt, types, 0, types.length);
        for (int i = 0; order.isBig() && i < types.length; i++) {
            types[i] = order.of(types[i]);
        }
        return new BtfReader(file, types, strings, walk(types, (long) stringsOf(base) + strings.length, typesAt, file), base);
    }

    /// Whether types begin here, in either order of bytes.
    public static boolean begins(MemorySegment blob) {
        return blob.byteSize() >= 2 && order(blob).u16(blob, 0) == MAGIC;
    }

    private static Endian order(MemorySegment blob) {
        return Endian.BIG.u16(blob, 0) == MAGIC ? Endian.BIG : Endian.LITTLE;
    }

    /// Little-endian types in another order of bytes.
    public static byte[] turned(byte[] types, Endian order) {
        if (!order.isBig()) {
            return types;
        }
        var all = MemorySegment.ofArray(types.clone());
        order.halves(all, 0, 2); // the magic number, by which readers know
        order.words(all, 4, LE.u32(types, 4) + LE.u32(types, 16)); // all but the strings
        return (byte[]) all.heapBase().orElseThrow();
    }

    private static long section(MemorySegment blob, Endian order, long header, int field, String what, String file) {
        long start = header + order.u32(blob, field);
        long end = start + order.u32(blob, field + 4);
        if (end > blob.byteSize()) {
            throw new BadInput(file, field, "BTF: " + what + " section ends at " + end + ", past the " + blob.byteSize() + " bytes there are");
        }
        return start;
    }

    private static byte[] strings(MemorySegment blob, long at, long size, String file, boolean continues) {
        if (size == 0 && !continues || size > Integer.MAX_VALUE - 8) {
            throw new BadInput(file, 20, "BTF: strings section of " + size + " bytes");
        }
        var strings = new byte[(int) size];
        LE.bytes(blob, at, strings, 0, strings.length);
        if (size > 0 && (!continues && strings[0] != 0 || strings[strings.length - 1] != 0)) {
            throw new BadInput(file, at, "BTF: the strings section does not start and end with a NUL");
        }
        return strings;
    }

    private static int[] walk(int[] types, long stringsSize, long typesAt, String file) {
        var starts = new int[1 + types.length / COMMON_WORDS];
        int ids = 1;
        int at = 0;
        while (at < types.length) {
            if (types.length - at < COMMON_WORDS) {
                throw new BadInput(file, typesAt + at * 4L, "BTF: type " + ids + " is cut off");
            }
            int name = types[at];
            if (name < 0 || name >= stringsSize) {
                throw new BadInput(file, typesAt + at * 4L, "BTF: name of type " + ids + " lies outside the strings");
            }
            int words = words(types[at + 1]);
            if (words < 0) {
                throw new BadInput(file, typesAt + at * 4L, "BTF: type " + ids + " has unknown kind " + kindOf(types[at + 1]));
            }
            if (words > types.length - at) {
                throw new BadInput(file, typesAt + at * 4L, "BTF: type " + ids + " is cut off");
            }
            starts[ids++] = at;
            at += words;
        }
        return Arrays.copyOf(starts, ids);
    }

    private static int kindOf(int info) {
        return info >>> 24 & 0x1f;
    }

    /// Words of the record whose second word is `info`, or -1 for a kind not known.
    private static int words(int info) {
        int count = info & 0xffff;
        return switch (kindOf(info)) {
            case KIND_PTR, KIND_FWD, KIND_TYPEDEF, KIND_VOLATILE, KIND_CONST, KIND_RESTRICT, KIND_FUNC, KIND_FLOAT, KIND_TYPE_TAG -> COMMON_WORDS;
            case KIND_INT, KIND_VAR, KIND_DECL_TAG -> COMMON_WORDS + 1;
            case KIND_ARRAY -> COMMON_WORDS + 3;
            case KIND_ENUM, KIND_FUNC_PROTO -> COMMON_WORDS + 2 * count;
            case KIND_STRUCT, KIND_UNION, KIND_DATASEC, KIND_ENUM64 -> COMMON_WORDS + 3 * count;
            default -> -1;
        };
    }

    /// Ids run from 1 to this.
    public int lastId() {
        return before + starts.length - 1;
    }

    public int kind(int id) {
        return id <= before ? base.kind(id) : kindOf(types[starts[id - before] + 1]);
    }

    /// Offset of the type's name in [#strings]; 0, the empty string, if it has none.
    public int nameOffset(int id) {
        return id <= before ? base.nameOffset(id) : types[starts[id - before]];
    }

    /// Members, parameters, enumerators or variables of the type, by its kind.
    public int count(int id) {
        return id <= before ? base.count(id) : types[starts[id - before] + 1] & 0xffff;
    }

    /// Word `n` of the type's record: 2 is its size or the type it refers to, those from 3 depend on its kind.
    public int word(int id, int n) {
        return id <= before ? base.word(id, n) : types[starts[id - before] + n];
    }

    /// How many words the type's record has.
    int length(int id) {
        return id <= before ? base.length(id) : words(types[starts[id - before] + 1]);
    }

    /// A name in a type's record.
    ///
    /// @throws BadInput where it lies outside the strings
    String string(int id, int offset) {
        if (offset < 0 || offset >= stringsBefore + strings.length) {
            throw new BadInput(file, 0, "BTF: a name of type " + id + " lies outside the strings");
        }
        byte[] text = strings(offset);
        int start = inStrings(offset);
        int end = start;
        while (text[end] != 0) {
            end++;
        }
        return new String(text, start, end - start, StandardCharsets.ISO_8859_1);
    }

    /// The names, NUL-terminated, among which is that at `offset`, as the blob has them. Not a copy: for reading only.
    byte[] strings(int offset) {
        return offset < stringsBefore ? base.strings(offset) : strings;
    }

    /// Where in them.
    int inStrings(int offset) {
        return offset < stringsBefore ? base.inStrings(offset) : offset - stringsBefore;
    }

    /// For messages and dumps.
    public String name(int id) {
        byte[] text = strings(nameOffset(id));
        int start = inStrings(nameOffset(id));
        int end = start;
        while (text[end] != 0) {
            end++;
        }
        return new String(text, start, end - start, StandardCharsets.UTF_8);
    }
}
