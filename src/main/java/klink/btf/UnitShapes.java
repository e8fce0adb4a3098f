package klink.btf;

import java.util.Arrays;
import klink.dwarf.TypeEntries;
import klink.dwarf.TypeNames;
import klink.dwarf.TypeReader;
import klink.mem.IntList;
import klink.mem.LongList;

/// Turns the entries of one unit after another into [Shapes]; one per worker.
///
/// Kinds, sizes and encodings are those that pahole 1.24 gives (its btf_encoder.c and dwarf_loader.c), so that a kernel
/// gets the same types with and without it.
final class UnitShapes {
    private static final long PENDING = 1;
    /// References in a row, without a name between them, that no program has.
    private static final int DEEPEST = 800;
    private static final int ORIGINS = 4;
    private static final int MOST_PARTS = 0xffff;
    /// Of a place in the order: an entry has room for its tags, which become types of their own.
    private static final int ENTRY_BITS = 28;
    private static final int ENTRY_STEP = 8;
    private static final int UNIT_BITS = 18;

    final Shapes shapes = new Shapes();
    /// Of each unit read: its place in the order, and its shapes from where to where in [#seen].
    final LongList unitOrder = new LongList();
    final IntList unitStart = new IntList();
    final IntList seen = new IntList(1 << 20);
    /// Whether it has a type "int", and arrays: see [BtfEncoder].
    final IntList unitHas = new IntList();
    static final int HAS_INT = 1;
    static final int HAS_ARRAYS = 2;
    private static final long INT_HASH = TypeReader.hash(new byte[] {'i', 'n', 't', 0}, 0);

    /// Functions, the first of each name: name, place, unit, prototype.
    final LongMap functionOf = new LongMap(1 << 14);
    final IntList functionName = new IntList();
    final LongList functionOrder = new LongList();
    final IntList functionUnit = new IntList();
    final IntList functionProto = new IntList();
    /// What of its prototype must be the same in all units, as a hash; and what was found.
    final LongList functionSignature = new LongList();
    final IntList functionFlags = new IntList();
    /// Units have functions of that name with different prototypes; one has a parameter elsewhere than the ABI says.
    static final int DIFFERS = 1;
    static final int MISPLACED = 2;

    final Variables variables;
    /// By unit, function and variable.
    final DeclTags typeTags = new DeclTags();
    final DeclTags functionTags = new DeclTags();
    final DeclTags variableTags = new DeclTags();

    private final BtfOptions options;
    private final boolean floats;
    private final boolean tags;
    private final boolean declTags;
    private final Signatures signatures;
    private TypeReader reader;
    private TypeNames names;
    /// Whether they are types that are there already, and so appear in no unit.
    private boolean known;
    private TypeEntries e;
    private long[] hash = new long[1 << 12];
    private long[] definition = new long[1 << 12];
    private long[] salt = new long[1 << 12];
    private boolean salted;
    /// By tag shape: the definition that the unit being read has, and that unit.
    private int[] tagUnit = new int[1 << 13];
    private long[] tagDefinition = new long[1 << 13];
    private int unit;
    private long order;

    UnitShapes(BtfOptions options) {
        this.options = options;
        floats = options.has(BtfFeature.FLOAT);
        tags = options.has(BtfFeature.TYPE_TAG);
        declTags = options.has(BtfFeature.DECL_TAG);
        variables = new Variables(options.isRecent());
        signatures = options.has(BtfFeature.CONSISTENT_FUNC) ? new Signatures() : null;
    }

    /// Takes in a unit.
    ///
    /// @param file its file's place in the order of files
    /// @param ndx  its own among the file's units
    /// @param sections which sections of the file have variables that are wanted; null for none
    void add(TypeReader from, TypeEntries entries, int file, int ndx, Wanted sections) {
        if (options.excluded().contains(entries.language)) {
            return;
        }
        reader = from;
        unit = unitOrder.size();
        order = (long) file << UNIT_BITS + ENTRY_BITS | (long) ndx << ENTRY_BITS;
        unitOrder.add(order);
        unitStart.add(seen.size());
        unitHas.add(0);
        begin(from, entries);
        if (options.isRecent() && entries.language == BtfOptions.DW_LANG_RUST) {
            entries.sortMembers();
        }
        if (signatures != null) {
            signatures.begin(from, entries);
        }
        hashAll();
        if (isAmbiguous()) {
            hashAll();
        }
        int has = 0;
        for (int i = 0; i < e.count; i++) {
            if (e.kind[i] == TypeEntries.FUNCTION) {
                function(i);
            } else if (e.kind[i] == TypeEntries.VARIABLE) {
                if (sections != null && variables.take(from, e, i, file, unit, sections, shapes.names)) {
                    variables.type.add(at(e.ref[i], e.offset[i], 0));
                    tags(variableTags, i, variables.count() - 1, 0);
                }
            } else if (e.kind[i] != TypeEntries.UNSPECIFIED && e.kind[i] != TypeEntries.ATOMIC) {
                int shape = shape(i);
                seen.add(shape);
                tags(typeTags, i, unit, shape);
                has |= e.kind[i] == TypeEntries.ARRAY ? HAS_ARRAYS : e.kind[i] == TypeEntries.BASE && nameHash(e.name[i]) == INT_HASH ? HAS_INT : 0;
            }
        }
        unitHas.set(unit, has);
    }

    private void begin(TypeNames from, TypeEntries entries) {
        names = from;
        e = entries;
        if (hash.length < e.count) {
            hash = new long[e.offset.length];
            definition = new long[e.offset.length];
            salt = new long[e.offset.length];
        }
        salted = false;
    }

    /// Takes in types that were made before. A name may have several definitions among them, and each says which it refers
    /// to; the shapes do not, as a unit's do not.
    ///
    /// @return by entry: its shape, 0 for none
    int[] addKnown(TypeNames from, TypeEntries entries) {
        known = true;
        begin(from, entries);
        hashAll();
        var shapeOf = new int[e.count];
        for (int i = 0; i < e.count; i++) {
            shapeOf[i] = e.kind[i] == TypeEntries.UNSPECIFIED ? 0 : shape(i);
        }
        return shapeOf;
    }

    /// Which places hold variables that are wanted.
    @FunctionalInterface
    interface Wanted {
        /// @param address as [TypeReader#address] says it
        boolean holds(long address);
    }

    private void hashAll() {
        Arrays.fill(hash, 0, e.count, 0);
        for (int i = 0; i < e.count; i++) {
            definition[i] = 0;
            if (e.kind[i] < TypeEntries.FUNCTION || e.kind[i] > TypeEntries.VARIABLE) {
                of(i, 0);
            }
        }
        for (int i = 0; i < e.count; i++) {
            if (isDefinition(i)) {
                definition[i] = content(i, 0);
            }
        }
    }

    private boolean isTagged(int i) {
        return e.kind[i] >= TypeEntries.STRUCT && e.kind[i] <= TypeEntries.ENUM && e.name[i] != TypeEntries.NO_NAME;
    }

    private boolean isDefinition(int i) {
        return isTagged(i) && (e.flags[i] & TypeEntries.DECLARATION) == 0;
    }

    /// Looks for names that mean several things in this unit, as function bodies have their own structs. They are told apart
    /// by their content from then on.
    private boolean isAmbiguous() {
        int stamp = unit + 1;
        boolean found = false;
        for (int i = 0; i < e.count; i++) {
            if (isDefinition(i)) {
                int tag = tagShape(i);
                if (tagUnit[tag] != stamp) {
                    tagUnit[tag] = stamp;
                    tagDefinition[tag] = definition[i];
                } else if (tagDefinition[tag] != definition[i]) {
                    tagDefinition[tag] = -1;
                    found = true;
                }
            }
        }
        if (found) {
            for (int i = 0; i < e.count; i++) {
                salt[i] = isDefinition(i) && tagDefinition[shapes.find(hash[i])] == -1 ? definition[i] : 0;
            }
            salted = true;
        }
        return found;
    }

    private int tagShape(int i) {
        int tag = shapes.find(hash[i]);
        if (tag < 0) {
            tag = shapes.add(hash[i], Shapes.TAG, name(e.name[i]), kind(i), Shapes.VOID, Shapes.UNUSED);
        }
        if (tag >= tagUnit.length) {
            tagUnit = Arrays.copyOf(tagUnit, Math.max(2 * tagUnit.length, tag + 1));
            tagDefinition = Arrays.copyOf(tagDefinition, tagUnit.length);
        }
        return tag;
    }

    private static long mix(long h, long more) {
        h = (h ^ more) * 0x9e37_79b9_7f4a_7c15L;
        return h ^ h >>> 31;
    }

    /// A last stir; 0 and 1 have meanings of their own.
    private static long finish(long h) {
        h *= 0xbf58_476d_1ce4_e5b9L;
        h ^= h >>> 32;
        return h >= 0 && h <= 1 ? 2 : h;
    }

    private long nameHash(int name) {
        return name == TypeEntries.NO_NAME ? 0 : names.nameHash(name);
    }

    private int name(int name) {
        return name == TypeEntries.NO_NAME ? 0 : shapes.names.intern(names.nameHash(name), names.nameBytes(name), names.nameOffset(name));
    }

    /// Key of the type at an offset.
    private long at(int offset, int from, int depth) {
        if (offset == TypeEntries.NO_REF) {
            return Shapes.VOID;
        }
        int i = e.find(offset);
        if (i < 0 || e.kind[i] == TypeEntries.FUNCTION || e.kind[i] == TypeEntries.VARIABLE) {
            throw names.bad(from, "refers to a type at 0x" + Integer.toHexString(offset) + ", where there is none");
        }
        long h = hash[i];
        return h > PENDING || h < 0 ? h : of(i, depth + 1);
    }

    /// Key of the type of an entry, as others refer to it.
    private long of(int i, int depth) {
        long h = hash[i];
        if (h == PENDING || depth > DEEPEST) {
            throw names.bad(e.offset[i], h == PENDING ? "a type that is made of itself" : "types are nested too deep");
        }
        if (h != 0) {
            return h;
        }
        hash[i] = PENDING;
        if (isTagged(i)) {
            h = finish(mix(mix(mix(Shapes.TAG, kind(i)), nameHash(e.name[i])), salted ? salt[i] : 0));
        } else if (e.kind[i] == TypeEntries.UNSPECIFIED) {
            h = Shapes.VOID;
        } else if (e.kind[i] == TypeEntries.ATOMIC) {
            h = at(e.ref[i], e.offset[i], depth);
        } else {
            h = content(i, depth);
        }
        hash[i] = h;
        return h;
    }

    /// BTF's kind.
    private int kind(int i) {
        return switch (e.kind[i]) {
            case TypeEntries.BASE -> floats && isFloat(i) ? BtfReader.KIND_FLOAT : BtfReader.KIND_INT;
            case TypeEntries.POINTER -> BtfReader.KIND_PTR;
            case TypeEntries.ARRAY -> BtfReader.KIND_ARRAY;
            case TypeEntries.STRUCT -> BtfReader.KIND_STRUCT;
            case TypeEntries.UNION -> BtfReader.KIND_UNION;
            case TypeEntries.ENUM -> BtfReader.KIND_ENUM;
            case TypeEntries.TYPEDEF -> BtfReader.KIND_TYPEDEF;
            case TypeEntries.VOLATILE -> BtfReader.KIND_VOLATILE;
            case TypeEntries.CONST -> BtfReader.KIND_CONST;
            case TypeEntries.RESTRICT -> BtfReader.KIND_RESTRICT;
            case TypeEntries.PROTOTYPE, TypeEntries.FUNCTION -> BtfReader.KIND_FUNC_PROTO;
            case TypeEntries.TYPE_TAG -> BtfReader.KIND_TYPE_TAG;
            default -> throw names.bad(e.offset[i], "a type that C does not have and BTF cannot say");
        };
    }

    private static final int ATE_FLOAT = 4;

    private boolean isFloat(int i) {
        int encoding = e.flags[i] >>> TypeEntries.ENCODING_SHIFT;
        if (encoding == 3 || encoding == 9) {
            throw names.bad(e.offset[i], "complex numbers, which BTF cannot say");
        }
        return encoding == ATE_FLOAT;
    }

    /// What a type holds beside its name and references: bytes, elements, encoding.
    private long value(int i, int kind) {
        long size = Math.max(0, e.size[i]);
        return switch (kind) {
            case BtfReader.KIND_INT -> {
                int bytes = (int) Math.min(size, 0xffff);
                boolean odd = bytes == 0 || (bytes & bytes - 1) != 0;
                int encoding = e.flags[i] >>> TypeEntries.ENCODING_SHIFT;
                // BTF_INT_SIGNED, BTF_INT_BOOL
                long said = encoding == 5 || encoding == 6 ? 1 : encoding == 2 ? 4 : 0;
                yield (odd ? ODD : 0) | said << 32 | (odd ? 4 : bytes);
            }
            case BtfReader.KIND_FLOAT, BtfReader.KIND_STRUCT, BtfReader.KIND_UNION -> size & 0xffff_ffffL;
            case BtfReader.KIND_ENUM -> (size == 0 ? 4 : size) | (isSignedEnum(i) ? 1L << 32 : 0);
            case BtfReader.KIND_ARRAY -> elements(i);
            default -> 0;
        };
    }

    /// A number of bits that only compilers know, in expressions: pahole calls it so, and gives it four bytes.
    private static final long ODD = 1L << 62;
    private static final byte[] ODD_NAME = "__SANITIZED_FAKE_INT__\0".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    private static final long ODD_HASH = TypeReader.hash(ODD_NAME, 0);

    private boolean isSignedEnum(int i) {
        if (e.size[i] <= 4) {
            return false; // its values say it
        }
        int base = e.ref[i] == TypeEntries.NO_REF ? i : e.find(e.ref[i]);
        int encoding = base < 0 ? 0 : e.flags[base] >>> TypeEntries.ENCODING_SHIFT;
        return encoding == 5 || encoding == 6;
    }

    /// All dimensions of an array in one.
    private long elements(int i) {
        int n = 1;
        for (int p = e.firstPart[i]; p >= 0; p = e.nextPart[p]) {
            if (e.partKind[p] == TypeEntries.BOUND) {
                n *= (int) e.partValue[p];
            }
        }
        return n & 0xffff_ffffL;
    }

    /// Hash of the content of a type, definitions included.
    private long content(int i, int depth) {
        int kind = kind(i);
        long value = value(i, kind);
        boolean odd = kind == BtfReader.KIND_INT && (value & ODD) != 0;
        long h = odd ? mix(mix(kind, ODD_HASH), value & ~ODD) : mix(mix(kind, nameHash(e.name[i])), value);
        switch (kind) {
            case BtfReader.KIND_STRUCT, BtfReader.KIND_UNION -> {
                for (int p = e.firstPart[i]; p >= 0; p = e.nextPart[p]) {
                    if (isMember(p, kind)) {
                        h = mix(mix(mix(h, nameHash(e.partName[p])), at(e.partRef[p], e.partOffset[p], depth)), BitFields.place(e, p));
                    }
                }
            }
            case BtfReader.KIND_ENUM -> {
                for (int p = e.firstPart[i]; p >= 0; p = e.nextPart[p]) {
                    if (e.partKind[p] == TypeEntries.ENUMERATOR) {
                        h = mix(mix(h, nameHash(e.partName[p])), e.partValue[p]);
                    }
                }
            }
            case BtfReader.KIND_FUNC_PROTO -> {
                h = mix(h, at(e.ref[i], e.offset[i], depth));
                for (int p = e.firstPart[i]; p >= 0; p = e.nextPart[p]) {
                    if (e.partKind[p] == TypeEntries.PARAMETER) {
                        h = mix(mix(h, nameHash(e.partName[p])), at(e.partRef[p], e.partOffset[p], depth) + 3);
                    }
                }
                h = mix(h, e.flags[i] & TypeEntries.VARIADIC);
            }
            case BtfReader.KIND_PTR -> h = mix(h, pointee(i, depth));
            case BtfReader.KIND_INT, BtfReader.KIND_FLOAT -> { }
            default -> h = mix(h, at(e.ref[i], e.offset[i], depth));
        }
        return finish(h);
    }

    private boolean isMember(int p, int kind) {
        return e.partKind[p] == TypeEntries.MEMBER && (kind == BtfReader.KIND_UNION || e.partFlags[p] != 0);
    }

    /// What a pointer points to: its type, or, with Clang's annotations, the type with tags. The last one said is the
    /// outermost.
    private long pointee(int i, int depth) {
        long h = at(e.ref[i], e.offset[i], depth);
        for (int p = e.firstPart[i]; p >= 0; p = e.nextPart[p]) {
            if (isTypeTag(p)) {
                h = typeTag(p, h);
            }
        }
        return h;
    }

    private long typeTag(int p, long of) {
        return finish(mix(mix(mix(BtfReader.KIND_TYPE_TAG, nameHash((int) e.partValue[p])), 0), of));
    }

    private boolean isTypeTag(int p) {
        return tags && e.partKind[p] == TypeEntries.ANNOTATION && DeclTags.says(names, e, p, "btf_type_tag");
    }

    private void tags(DeclTags to, int i, int under, int shape) {
        if (declTags) {
            to.take(names, e, i, shapes.names, under, shape);
        }
    }

    /// The shape of an entry, added if it is a new one.
    private int shape(int i) {
        boolean defines = isDefinition(i);
        long key = defines ? definition[i] : hash[i];
        long when = known ? Shapes.UNUSED : order + (long) i * ENTRY_STEP;
        int found = shapes.find(key);
        if (found >= 0) {
            if (shapes.order[found] == Shapes.UNUSED) {
                shapes.order[found] = when;
            }
            return found;
        }
        if (isTagged(i) && !defines) {
            int tag = tagShape(i);
            shapes.order[tag] = when;
            return tag;
        }
        if (defines) {
            tagShape(i);
        }
        return add(i, key, when, defines ? hash[i] : Shapes.VOID);
    }

    private int add(int i, long key, long when, long defines) {
        int kind = kind(i);
        long value = value(i, kind);
        boolean odd = kind == BtfReader.KIND_INT && (value & ODD) != 0;
        int name = odd ? shapes.names.intern(ODD_HASH, ODD_NAME, 0) : name(e.name[i]);
        long ref = switch (kind) {
            case BtfReader.KIND_STRUCT, BtfReader.KIND_UNION, BtfReader.KIND_ENUM -> defines;
            case BtfReader.KIND_INT, BtfReader.KIND_FLOAT -> Shapes.VOID;
            case BtfReader.KIND_PTR -> tags(i, when);
            default -> at(e.ref[i], e.offset[i], 0);
        };
        int shape = shapes.add(key, kind, name, value & ~ODD, ref, when);
        int before = shapes.partCount;
        for (int p = e.firstPart[i]; p >= 0; p = e.nextPart[p]) {
            switch (e.partKind[p]) {
                case TypeEntries.MEMBER -> {
                    if (isMember(p, kind)) {
                        shapes.addPart(name(e.partName[p]), at(e.partRef[p], e.partOffset[p], 0), BitFields.place(e, p));
                    }
                }
                case TypeEntries.ENUMERATOR -> shapes.addPart(name(e.partName[p]), Shapes.VOID, e.partValue[p]);
                case TypeEntries.PARAMETER -> shapes.addPart(name(e.partName[p]), at(e.partRef[p], e.partOffset[p], 0), 0);
                default -> { }
            }
        }
        if (kind == BtfReader.KIND_FUNC_PROTO && (e.flags[i] & TypeEntries.VARIADIC) != 0) {
            shapes.addPart(0, Shapes.VOID, 0);
        }
        if (shapes.partCount - before > MOST_PARTS) {
            throw names.bad(e.offset[i], "more members, values or parameters than BTF can say (" + MOST_PARTS + ")");
        }
        return shape;
    }

    /// Adds the tags of a pointer.
    private long tags(int i, long when) {
        long h = at(e.ref[i], e.offset[i], 0);
        int n = 0;
        for (int p = e.firstPart[i]; p >= 0; p = e.nextPart[p]) {
            if (isTypeTag(p)) {
                n = Math.min(n + 1, ENTRY_STEP - 1);
                long tagged = typeTag(p, h);
                int found = shapes.find(tagged);
                if (found < 0) {
                    found = shapes.add(tagged, BtfReader.KIND_TYPE_TAG, name((int) e.partValue[p]), 0, h, when + n);
                }
                seen.add(found);
                h = tagged;
            }
        }
        return h;
    }

    /// Notes a function if it is the first of its name and says the names of all its parameters.
    private void function(int i) {
        if ((e.flags[i] & TypeEntries.DECLARATION) != 0) {
            return;
        }
        int name = e.name[i];
        int ref = e.ref[i];
        int first = e.origin[i] == TypeEntries.NO_REF ? -1 : e.find(e.origin[i]);
        for (int o = first, n = 0; o >= 0 && e.kind[o] == TypeEntries.FUNCTION && n < ORIGINS; o = e.origin[o] == TypeEntries.NO_REF ? -1 : e.find(e.origin[o]), n++) {
            name = name == TypeEntries.NO_NAME ? e.name[o] : name;
            ref = ref == TypeEntries.NO_REF && (e.flags[i] & TypeEntries.HAS_ORIGIN) != 0 ? e.ref[o] : ref;
        }
        int known = name == TypeEntries.NO_NAME ? -1 : functionOf.get(names.nameHash(name));
        if (name == TypeEntries.NO_NAME || known >= 0 && signatures == null) {
            return;
        }
        for (int p = e.firstPart[i]; p >= 0; p = e.nextPart[p]) {
            if (e.partKind[p] == TypeEntries.PARAMETER) {
                if (e.partRef[p] == TypeEntries.NO_REF && e.partValue[p] != TypeEntries.NO_REF) {
                    inherit(p, first);
                }
                if (e.partName[p] == TypeEntries.NO_NAME) {
                    return;
                }
            }
        }
        e.ref[i] = ref;
        if (known >= 0) {
            int differs = signatures.of(i) == functionSignature.get(known) ? 0 : DIFFERS;
            functionFlags.set(known, functionFlags.get(known) | differs | (signatures.isMisplaced(i) ? MISPLACED : 0));
            return;
        }
        functionSignature.add(signatures == null ? 0 : signatures.of(i));
        functionFlags.add(signatures != null && signatures.isMisplaced(i) ? MISPLACED : 0);
        int named = e.name[i];
        e.name[i] = TypeEntries.NO_NAME; // a prototype has none
        long key = content(i, 0);
        int proto = shapes.find(key);
        if (proto < 0) {
            proto = add(i, key, Shapes.UNUSED, Shapes.VOID);
        }
        e.name[i] = named;
        functionOf.put(names.nameHash(name), functionName.size());
        tags(functionTags, i, functionName.size(), 0);
        functionName.add(name(name));
        functionOrder.add(order + (long) i * ENTRY_STEP);
        functionUnit.add(unit);
        functionProto.add(proto);
    }

    /// Fills in a parameter from the function that was inlined or declared elsewhere.
    private void inherit(int p, int function) {
        for (int n = 0; function >= 0 && n < ORIGINS; n++) {
            for (int q = e.firstPart[function]; q >= 0; q = e.nextPart[q]) {
                if (e.partOffset[q] == e.partValue[p]) {
                    e.partName[p] = e.partName[q];
                    e.partRef[p] = e.partRef[q];
                    return;
                }
            }
            function = e.origin[function] == TypeEntries.NO_REF ? -1 : e.find(e.origin[function]);
        }
    }
}
