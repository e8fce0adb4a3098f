package klink.btf;

import klink.dwarf.TypeEntries;
import klink.dwarf.TypeNames;
import klink.dwarf.TypeReader;
import klink.report.BadInput;

/// Base BTF: the kernel's types, which those of a module continue. What a module has in common with the kernel it refers to by the
/// kernel's number, so that a module's own `.BTF` ("split BTF", Documentation/bpf/btf.rst) has some hundred types and not 20,000.
///
/// The types become [Shapes], as those of a unit do, so that equal types have equal keys. Unlike in a unit, a name may
/// have several definitions here, and each reference says which it means: [#references]. Made once for any number of
/// modules.
public final class BaseTypes implements TypeNames {
    private static final int SIGNED = 1;
    private static final int BOOL = 4;
    private static final int ATE_BOOL = 2;
    private static final int ATE_FLOAT = 4;
    private static final int ATE_SIGNED = 5;
    private static final int ATE_UNSIGNED = 7;
    private static final int SIZE_OF_OFFSET = 0xff_ffff;

    private final BtfReader types;
    private final byte[] strings;
    private final String file;
    final UnitShapes worker = new UnitShapes(BtfOptions.DEFAULT);
    private final int[] shapeOf;
    private final LongMap texts = new LongMap(1 << 16);
    private final LongMap functions = new LongMap(1 << 16);
    private final LongMap tags = new LongMap(1 << 8);

    private BaseTypes(BtfReader types, String file) {
        this.types = types;
        this.file = file;
        strings = types.strings(0);
        var e = new TypeEntries();
        e.open(types.lastId() + 1);
        for (int id = 1; id <= types.lastId(); id++) {
            int i = e.add(id);
            type(e, i, id, types.kind(id));
        }
        shapeOf = worker.addKnown(this, e);
        for (int at = 1; at < strings.length; at++) {
            long hash = TypeReader.hash(strings, at);
            if (texts.get(hash) < 0) {
                texts.put(hash, at);
            }
            while (strings[at] != 0) {
                at++;
            }
        }
    }

    /// @param file where the types came from, for messages
    public static BaseTypes of(BtfReader types, String file) {
        return new BaseTypes(types, file);
    }

    private void type(TypeEntries e, int i, int id, int kind) {
        int name = types.nameOffset(id);
        e.kind[i] = entryKind(id, kind);
        e.name[i] = name == 0 ? TypeEntries.NO_NAME : name;
        e.ref[i] = TypeEntries.NO_REF;
        e.origin[i] = TypeEntries.NO_REF;
        e.size[i] = -1;
        e.flags[i] = 0;
        switch (kind) {
            case BtfReader.KIND_INT -> {
                e.size[i] = types.word(id, 2);
                int encoding = types.word(id, 3) >>> 24;
                e.flags[i] = (encoding == SIGNED ? ATE_SIGNED : encoding == BOOL ? ATE_BOOL : ATE_UNSIGNED) << TypeEntries.ENCODING_SHIFT;
            }
            case BtfReader.KIND_FLOAT -> {
                e.size[i] = types.word(id, 2);
                e.flags[i] = ATE_FLOAT << TypeEntries.ENCODING_SHIFT;
            }
            case BtfReader.KIND_STRUCT, BtfReader.KIND_UNION -> {
                e.size[i] = types.word(id, 2) & 0xffff_ffffL;
                members(e, i, id);
            }
            case BtfReader.KIND_ENUM, BtfReader.KIND_ENUM64 -> enumerators(e, i, id, kind);
            case BtfReader.KIND_FWD -> e.flags[i] = TypeEntries.DECLARATION;
            case BtfReader.KIND_ARRAY -> {
                e.ref[i] = reference(types.word(id, 3));
                int p = e.addPart(i);
                e.partKind[p] = TypeEntries.BOUND;
                e.partValue[p] = types.word(id, 5) & 0xffff_ffffL;
            }
            case BtfReader.KIND_FUNC_PROTO -> prototype(e, i, id);
            case BtfReader.KIND_FUNC -> {
                long key = functionKey(nameHash(name), types.word(id, 2));
                if (types.count(id) == 0 && functions.get(key) < 0) {
                    functions.put(key, id);
                }
            }
            case BtfReader.KIND_DECL_TAG -> {
                long key = tagKey(nameHash(name), types.word(id, 2), types.word(id, 3));
                if (tags.get(key) < 0) {
                    tags.put(key, id);
                }
            }
            case BtfReader.KIND_PTR, BtfReader.KIND_TYPEDEF, BtfReader.KIND_VOLATILE, BtfReader.KIND_CONST, BtfReader.KIND_RESTRICT, BtfReader.KIND_TYPE_TAG ->
                e.ref[i] = reference(types.word(id, 2));
            default -> { }
        }
    }

    private byte entryKind(int id, int kind) {
        return switch (kind) {
            case BtfReader.KIND_INT, BtfReader.KIND_FLOAT -> TypeEntries.BASE;
            case BtfReader.KIND_PTR -> TypeEntries.POINTER;
            case BtfReader.KIND_ARRAY -> TypeEntries.ARRAY;
            case BtfReader.KIND_STRUCT -> TypeEntries.STRUCT;
            case BtfReader.KIND_UNION -> TypeEntries.UNION;
            case BtfReader.KIND_FWD -> types.word(id, 1) < 0 ? TypeEntries.UNION : TypeEntries.STRUCT;
            case BtfReader.KIND_ENUM, BtfReader.KIND_ENUM64 -> TypeEntries.ENUM;
            case BtfReader.KIND_TYPEDEF -> TypeEntries.TYPEDEF;
            case BtfReader.KIND_VOLATILE -> TypeEntries.VOLATILE;
            case BtfReader.KIND_CONST -> TypeEntries.CONST;
            case BtfReader.KIND_RESTRICT -> TypeEntries.RESTRICT;
            case BtfReader.KIND_FUNC_PROTO -> TypeEntries.PROTOTYPE;
            case BtfReader.KIND_TYPE_TAG -> TypeEntries.TYPE_TAG;
            default -> TypeEntries.UNSPECIFIED;
        };
    }

    private static int reference(int id) {
        return id == 0 ? TypeEntries.NO_REF : id;
    }

    private void members(TypeEntries e, int i, int id) {
        boolean bitFields = types.word(id, 1) < 0;
        for (int m = 0; m < types.count(id); m++) {
            int p = part(e, i, TypeEntries.MEMBER, types.word(id, 3 + 3 * m), types.word(id, 4 + 3 * m));
            int offset = types.word(id, 5 + 3 * m);
            e.partValue[p] = bitFields ? offset & SIZE_OF_OFFSET : offset & 0xffff_ffffL;
            e.partBits[p] = bitFields ? offset >>> 24 : 0;
            e.partFlags[p] = TypeEntries.HAS_BIT_OFFSET;
        }
    }

    private void enumerators(TypeEntries e, int i, int id, int kind) {
        boolean signed = types.word(id, 1) < 0;
        boolean wide = kind == BtfReader.KIND_ENUM64;
        e.size[i] = types.word(id, 2);
        e.flags[i] = types.count(id) == 0 ? TypeEntries.DECLARATION : wide && signed ? ATE_SIGNED << TypeEntries.ENCODING_SHIFT : 0;
        for (int m = 0; m < types.count(id); m++) {
            int at = 3 + (wide ? 3 : 2) * m;
            int p = part(e, i, TypeEntries.ENUMERATOR, types.word(id, at), 0);
            int low = types.word(id, at + 1);
            e.partValue[p] = wide ? low & 0xffff_ffffL | (long) types.word(id, at + 2) << 32 : signed ? low : low & 0xffff_ffffL;
        }
    }

    private void prototype(TypeEntries e, int i, int id) {
        e.ref[i] = reference(types.word(id, 2));
        int n = types.count(id);
        for (int m = 0; m < n; m++) {
            int name = types.word(id, 3 + 2 * m);
            int type = types.word(id, 4 + 2 * m);
            if (m == n - 1 && name == 0 && type == 0) {
                e.flags[i] |= TypeEntries.VARIADIC;
            } else {
                part(e, i, TypeEntries.PARAMETER, name, type);
            }
        }
    }

    private int part(TypeEntries e, int i, byte kind, int name, int type) {
        if (name < 0 || name >= strings.length) {
            throw bad(e.offset[i], "has a part whose name lies outside the strings");
        }
        int p = e.addPart(i);
        e.partKind[p] = kind;
        e.partOffset[p] = e.offset[i];
        e.partName[p] = name == 0 ? TypeEntries.NO_NAME : name;
        e.partRef[p] = reference(type);
        e.partValue[p] = 0;
        e.partBits[p] = 0;
        e.partFlags[p] = 0;
        return p;
    }

    @Override
    public long nameHash(int name) {
        return TypeReader.hash(strings, name);
    }

    @Override
    public byte[] nameBytes(int name) {
        return strings;
    }

    @Override
    public int nameOffset(int name) {
        return name;
    }

    @Override
    public BadInput bad(int offset, String what) {
        return new BadInput(file, 0, "BTF: type " + offset + ": " + what);
    }

    int lastId() {
        return types.lastId();
    }

    /// The shape of a type in [#worker]; 0 for functions and variables.
    int shape(int id) {
        return shapeOf[id - 1];
    }

    /// What a type refers to, in the order of its record: its type, then those of its parts. The index of arrays is left out.
    int[] references(int id) {
        int kind = types.kind(id);
        int n = types.count(id);
        switch (kind) {
            case BtfReader.KIND_ARRAY -> {
                return new int[] {types.word(id, 3)};
            }
            case BtfReader.KIND_PTR, BtfReader.KIND_TYPEDEF, BtfReader.KIND_VOLATILE, BtfReader.KIND_CONST, BtfReader.KIND_RESTRICT, BtfReader.KIND_TYPE_TAG -> {
                return new int[] {types.word(id, 2)};
            }
            case BtfReader.KIND_STRUCT, BtfReader.KIND_UNION -> {
                var refs = new int[n];
                for (int m = 0; m < n; m++) {
                    refs[m] = types.word(id, 4 + 3 * m);
                }
                return refs;
            }
            case BtfReader.KIND_FUNC_PROTO -> {
                var refs = new int[n + 1];
                refs[0] = types.word(id, 2);
                for (int m = 0; m < n; m++) {
                    refs[m + 1] = types.word(id, 4 + 2 * m);
                }
                return refs;
            }
            default -> {
                return new int[0];
            }
        }
    }

    /// The function of a name and prototype; -1 if there is none.
    int function(long nameHash, int prototype) {
        return functions.get(functionKey(nameHash, prototype));
    }

    boolean hasTag(long key) {
        return tags.get(key) >= 0;
    }

    /// @param to   number of what is tagged
    /// @param part which part of it, or [DeclTags#WHOLE]
    static long tagKey(long nameHash, int to, int part) {
        return functionKey(nameHash ^ (long) part << 32, to);
    }

    private static long functionKey(long nameHash, int prototype) {
        long h = (nameHash ^ prototype) * 0x9e37_79b9_7f4a_7c15L;
        h ^= h >>> 31;
        return h == 0 ? 1 : h;
    }

    /// Where a name is among the strings; -1 if it is not.
    int text(long nameHash) {
        return texts.get(nameHash);
    }

    int stringsSize() {
        return strings.length;
    }
}
