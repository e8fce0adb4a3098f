package klink.btf;

import java.util.Arrays;
import klink.mem.IntList;
import klink.mem.LE;

/// The types as they will be written: numbers for all shapes, and where a shape means different types in different units, a
/// type for each. What is made here once is made of types with numbers, so equal types are found by comparing
/// numbers. What the base has keeps its number there, and new numbers follow the base's.
///
/// The layout of a record: name, info, size or type, then by kind (Documentation/bpf/btf.rst).
final class BtfBuilder {
    private static final int HEADER_SIZE = 24;
    private static final int MAGIC = 0xeb9f;

    private final MergedShapes shapes;
    private final TypeClasses classes;
    private final MergedBase base;
    private final boolean wideEnums;
    /// By number of a new type: its shape, and its references in [#refs].
    private final IntList shapeOf = new IntList();
    private final IntList firstRef = new IntList();
    private final IntList refs = new IntList();
    /// By shape: the number of its only type, 0 for none yet.
    private final int[] numberOf;
    /// By class: number of its type.
    private int[] classNumber;
    /// Whether a shape is made of a tag that has several types: 1 no, 2 yes, 0 not known yet.
    private final byte[] split;
    /// Whether a shape is made of a tag that only the units define: the same, 1 no, 2 yes.
    private final byte[] renewed;
    private final LongMap made = new LongMap(1 << 12);
    private final LongMap tagged = new LongMap(1 << 8);

    /// The view that a number is asked for: by tag, its class plus 1.
    private final int[] view;
    /// A unit's numbers of shapes that are split.
    private final int[] numberHere;
    private final int[] stamp;
    private int mark;

    private int arrayIndex;
    private byte[] out = new byte[1 << 20];
    private int size = HEADER_SIZE;
    private final IntList added = new IntList();
    private int[] textOffset;
    private byte[] strings = new byte[1 << 20];
    private int stringsSize;
    private final int stringsBefore;

    BtfBuilder(MergedShapes shapes, TypeClasses classes, MergedBase base, boolean wideEnums) {
        this.wideEnums = wideEnums;
        this.shapes = shapes;
        this.classes = classes;
        this.base = base;
        stringsBefore = base.types() == null ? 0 : base.types().stringsSize();
        stringsSize = base.types() == null ? 1 : 0; // the empty name is the base's
        int n = shapes.count;
        numberOf = new int[n];
        split = new byte[n];
        renewed = new byte[n];
        view = new int[n];
        numberHere = new int[n];
        stamp = new int[n];
        classNumber = new int[classes.classTag.size()];
        shapeOf.add(0);
        firstRef.add(0);
        for (int i = 1; i < n; i++) {
            if (shapes.kind(i) == Shapes.TAG) {
                split[i] = (byte) (classes.isSplit(i) ? 2 : 1);
                renewed[i] = (byte) (classes.isNewlyDefined(i) ? 2 : 1);
            }
        }
        numberBase();
        numberShapes();
        numberClasses();
    }

    /// Gives what the base has its number there; of several equal types the last, which libbpf would find first. A pointer to what the base
    /// declares is another one than to what a unit defines; a struct with such a pointer is the same.
    private void numberBase() {
        for (int id = 1; id <= base.lastId(); id++) {
            int kind = base.shape(id) == 0 ? 0 : shapes.kind(base.shape(id));
            if (kind == BtfReader.KIND_STRUCT || kind == BtfReader.KIND_UNION) {
                renewed[base.shape(id)] = 1;
            }
        }
        for (int id = 1; id <= base.lastId(); id++) {
            int shape = base.shape(id);
            if (shape != 0 && (shapes.kind(shape) == Shapes.TAG || shapes.tag[shape] != 0 || !isSplit(shape) && !isRenewed(shape))) {
                numberOf[shape] = id;
            }
        }
        for (int id = base.lastId(); id > 0; id--) {
            int shape = base.shape(id);
            int tag = shapes.tag[shape];
            if (tag != 0) {
                if (!classes.isSplit(tag)) {
                    numberOf[tag] = id;
                }
            } else if (shape != 0 && shapes.kind(shape) != Shapes.TAG && isSplit(shape)) {
                long key = key(shape, base.references(id));
                if (made.get(key) < 0) {
                    made.put(key, id);
                }
            }
        }
    }

    /// Numbers all types that are the same from everywhere, in the order of the files.
    private void numberShapes() {
        int n = shapes.count;
        for (int i = 1; i < n; i++) {
            if (shapes.order[i] == Shapes.UNUSED || shapes.kind(i) == Shapes.TAG || isSplit(i)) {
                continue;
            }
            int tag = shapes.tag[i];
            if (numberOf[i] == 0 && (tag == 0 || !classes.isSplit(tag))) {
                numberOf[i] = newNumber(i);
                if (tag != 0) {
                    numberOf[tag] = numberOf[i];
                }
            }
        }
        for (int i = 1; i < n; i++) {
            int tag = shapes.tag[i];
            if (tag != 0 && shapes.order[i] != Shapes.UNUSED && !classes.isSplit(tag) && numberOf[i] == 0) {
                numberOf[i] = newNumber(i); // its own type is one, though those of its members depend on where it is
                numberOf[tag] = numberOf[i];
            }
            if (shapes.kind(i) == Shapes.TAG && shapes.order[i] != Shapes.UNUSED && classes.definitions[i] == 0 && numberOf[i] == 0) {
                numberOf[i] = newNumber(i);
            }
        }
    }

    private void numberClasses() {
        for (int c = 0; c < classNumber.length; c++) {
            int t = classes.classTag.get(c);
            if (classes.classInBase.get(c) != 0) {
                classNumber[c] = classes.classInBase.get(c);
            } else if (classes.isSplit(t)) {
                classNumber[c] = newNumber(classes.classDefinition.get(c));
            } else {
                classNumber[c] = numberOf[classes.classDefinition.get(c)];
            }
        }
        for (int i = 1; i < shapes.count; i++) {
            if (shapes.order[i] != Shapes.UNUSED && shapes.kind(i) != Shapes.TAG && !isSplit(i) && numberOf[i] > base.lastId()) {
                references(numberOf[i], i);
            }
        }
        for (int c = 0; c < classNumber.length; c++) {
            if (classNumber[c] > base.lastId() && (isSplit(classes.classDefinition.get(c)) || classes.isSplit(classes.classTag.get(c)))) {
                lookFrom(c);
                references(classNumber[c], classes.classDefinition.get(c));
            }
        }
    }

    private int newNumber(int shape) {
        int number = base.lastId() + shapeOf.size();
        shapeOf.add(shape);
        firstRef.add(refs.size());
        for (int i = shapes.first[shape]; i < shapes.first[shape + 1]; i++) {
            refs.add(0);
        }
        return number;
    }

    /// Whether what the shape is made of includes a name that has several types.
    private boolean isSplit(int shape) {
        if (split[shape] == 0) {
            split[shape] = 1;
            for (int r = shapes.first[shape]; r < shapes.first[shape + 1]; r++) {
                int to = shapes.refs[r];
                if (to != 0 && isSplit(to)) {
                    split[shape] = 2;
                }
            }
        }
        return split[shape] == 2;
    }

    private boolean isRenewed(int shape) {
        if (renewed[shape] == 0) {
            renewed[shape] = 1;
            for (int r = shapes.first[shape]; r < shapes.first[shape + 1]; r++) {
                int to = shapes.refs[r];
                if (to != 0 && isRenewed(to)) {
                    renewed[shape] = 2;
                }
            }
        }
        return renewed[shape] == 2;
    }

    private void references(int number, int shape) {
        int at = firstRef.get(number - base.lastId());
        for (int r = shapes.first[shape]; r < shapes.first[shape + 1]; r++, at++) {
            refs.set(at, number(shapes.refs[r]));
        }
    }

    /// The view of a class: what its members' names mean.
    private void lookFrom(int c) {
        clear();
        int[] tags = classes.mentions(classes.classDefinition.get(c));
        for (int t : tags) {
            if (classes.isSplit(t)) {
                see(t, classes.bound(c, t));
            }
        }
    }

    private final IntList viewed = new IntList();

    private void see(int tag, int c) {
        view[tag] = c + 1;
        viewed.add(tag);
    }

    private void clear() {
        for (int i = 0; i < viewed.size(); i++) {
            view[viewed.get(i)] = 0;
        }
        viewed.clear();
        mark++;
    }

    /// The view of a unit; and numbers of what it has that is different elsewhere.
    void lookFromUnit(int u, int[] seen) {
        clear();
        int[] tags = classes.unitTags[u];
        if (tags == null) {
            return;
        }
        for (int i = 0; i < tags.length; i++) {
            if (classes.isSplit(tags[i])) {
                see(tags[i], classes.unitClasses[u][i]);
            }
        }
        for (int shape : seen) {
            number(shape);
        }
    }

    boolean isWhollySame() {
        return classes.isWhollySame();
    }

    /// Whether a shape is one that [#lookFromUnit] must be told of.
    boolean dependsOnUnit(int shape) {
        return isSplit(shape) && shapes.tag[shape] == 0 || shapes.kind(shape) == Shapes.TAG && classes.isSplit(shape);
    }

    /// The number of what a shape means from here.
    int number(int shape) {
        if (shape == 0) {
            return 0;
        }
        if (shapes.kind(shape) == Shapes.TAG) {
            return tagNumber(shape);
        }
        if (!isSplit(shape)) {
            if (numberOf[shape] == 0) {
                numberOf[shape] = newNumber(shape);
                references(numberOf[shape], shape);
            }
            return numberOf[shape];
        }
        if (stamp[shape] != mark) {
            int n = shapes.first[shape + 1] - shapes.first[shape];
            var parts = new int[n];
            for (int i = 0; i < n; i++) {
                parts[i] = number(shapes.refs[shapes.first[shape] + i]);
            }
            long key = key(shape, parts);
            int found = made.get(key);
            if (found < 0) {
                found = newNumber(shape);
                for (int i = 0; i < n; i++) {
                    refs.set(firstRef.get(found - base.lastId()) + i, parts[i]);
                }
                made.put(key, found);
            }
            stamp[shape] = mark;
            numberHere[shape] = found;
        }
        return numberHere[shape];
    }

    private static long key(int shape, int[] parts) {
        long key = shape * 0x9e37_79b9_7f4a_7c15L;
        for (int part : parts) {
            key = (key ^ part) * 0xbf58_476d_1ce4_e5b9L;
            key ^= key >>> 29;
        }
        return key == 0 ? 1 : key;
    }

    private int tagNumber(int tag) {
        if (classes.isSplit(tag) && view[tag] != 0) {
            return classNumber[view[tag] - 1];
        }
        if (numberOf[tag] == 0) {
            numberOf[tag] = newNumber(tag); // a declaration
        }
        return numberOf[tag];
    }

    /// Adds a function, a variable, a tag, or a type that no unit has: they come after all types.
    ///
    /// @return how many were added before
    int add(int kind, int name, int type, int extra) {
        added.add(kind);
        added.add(name);
        added.add(type);
        added.add(extra);
        return added.size() / 4 - 1;
    }

    /// Number of the last type so far.
    int types() {
        return base.lastId() + shapeOf.size() - 1;
    }

    /// The base's function of that name and prototype, which is the same one; -1 if there is none.
    int functionInBase(int name, int prototype) {
        return base.types() == null ? -1 : base.types().function(shapes.names.hash(name), prototype);
    }

    /// Adds a tag, unless it or the base's types have it.
    ///
    /// @param to   number of a type, function or variable
    /// @param part which of its members or parameters, or [DeclTags#WHOLE]
    void tag(int name, int to, int part) {
        long key = BaseTypes.tagKey(shapes.names.hash(name), to, part);
        if ((base.types() == null || !base.types().hasTag(key)) && tagged.get(key) < 0) {
            tagged.put(key, to);
            add(BtfReader.KIND_DECL_TAG, name, to, part);
        }
    }

    /// Adds all that is listed under `key`.
    ///
    /// @param merged names, by those of the worker that has the list
    void tags(DeclTags list, int key, int[] merged, int to) {
        for (int i = list.first(key), end = list.first(key + 1); i < end; i++) {
            tag(merged[list.text(i)], to, list.part(i));
        }
    }

    private void word(int w) {
        if (out.length - size < 4) {
            out = Arrays.copyOf(out, Math.multiplyExact(out.length, 2));
        }
        LE.put32(out, size, w);
        size += 4;
    }

    private int text(int name) {
        if (name == 0) {
            return 0;
        }
        if (textOffset[name] == 0 && base.types() != null && base.types().text(shapes.names.hash(name)) >= 0) {
            textOffset[name] = base.types().text(shapes.names.hash(name));
        }
        if (textOffset[name] == 0) {
            int length = shapes.names.length(name);
            if (strings.length - stringsSize <= length) {
                strings = Arrays.copyOf(strings, Math.addExact(strings.length, Math.max(strings.length, length + 1)));
            }
            System.arraycopy(shapes.names.text(), shapes.names.start(name), strings, stringsSize, length);
            textOffset[name] = stringsBefore + stringsSize;
            stringsSize += length + 1;
        }
        return textOffset[name];
    }

    private void head(int name, int kind, boolean flag, int parts, int sizeOrType) {
        word(text(name));
        word((flag ? 1 << 31 : 0) | kind << 24 | parts);
        word(sizeOrType);
    }

    /// Writes everything.
    ///
    /// @param index    number of the type that array indices have
    /// @param sections names of sections of variables, in `variables` how many each has; they are filled in later
    /// @param starts   where each one's record is
    byte[] write(int index, int[] sections, int[] variables, int[] starts) {
        textOffset = new int[shapes.names.count()];
        arrayIndex = index;
        int types = shapeOf.size();
        for (int i = 1; i < types; i++) {
            type(i, shapeOf.get(i));
        }
        for (int i = 0; i < added.size(); i += 4) {
            head(added.get(i + 1), added.get(i), false, 0, added.get(i + 2));
            if (added.get(i) != BtfReader.KIND_FUNC) {
                word(added.get(i + 3));
            }
        }
        for (int s = 0; s < sections.length; s++) {
            starts[s] = size;
            head(sections[s], BtfReader.KIND_DATASEC, false, variables[s], 0);
            for (int i = 0; i < 3 * variables[s]; i++) {
                word(0);
            }
        }
        int typesSize = size - HEADER_SIZE;
        byte[] all = Arrays.copyOf(out, size + stringsSize);
        System.arraycopy(strings, 0, all, size, stringsSize);
        LE.put16(all, 0, MAGIC);
        all[2] = 1;
        LE.put32(all, 4, HEADER_SIZE);
        LE.put32(all, 12, typesSize);
        LE.put32(all, 16, typesSize);
        LE.put32(all, 20, stringsSize);
        return all;
    }

    private void type(int number, int shape) {
        int kind = shapes.kind(shape);
        int name = shapes.name(shape);
        long value = shapes.value(shape);
        int at = firstRef.get(number);
        int parts = shapes.parts(shape);
        switch (kind) {
            case Shapes.TAG -> {
                if (value == BtfReader.KIND_ENUM) {
                    head(name, BtfReader.KIND_ENUM, false, 0, 4);
                } else {
                    head(name, BtfReader.KIND_FWD, value == BtfReader.KIND_UNION, 0, 0);
                }
            }
            case BtfReader.KIND_INT -> {
                head(name, kind, false, 0, (int) value);
                word((int) (value >>> 32) << 24 | (int) value * 8);
            }
            case BtfReader.KIND_FLOAT -> head(name, kind, false, 0, (int) value);
            case BtfReader.KIND_STRUCT, BtfReader.KIND_UNION -> members(shape, kind, name, (int) value, at, parts);
            case BtfReader.KIND_ENUM -> enumerators(shape, name, value, parts);
            case BtfReader.KIND_ARRAY -> {
                head(0, kind, false, 0, 0);
                word(refs.get(at));
                word(arrayIndex);
                word((int) value);
            }
            case BtfReader.KIND_FUNC_PROTO -> {
                head(0, kind, false, parts, refs.get(at));
                for (int p = 0; p < parts; p++) {
                    word(text(shapes.partName(shape, p)));
                    word(refs.get(at + 1 + p));
                }
            }
            default -> head(kind == BtfReader.KIND_TYPEDEF || kind == BtfReader.KIND_TYPE_TAG ? name : 0, kind, false, 0, refs.get(at));
        }
    }

    /// A struct with bit-fields says so, and has their sizes above 24 bits of offset.
    private void members(int shape, int kind, int name, int bytes, int at, int parts) {
        boolean bitFields = false;
        for (int p = 0; p < parts; p++) {
            bitFields |= shapes.partValue(shape, p) >>> 32 != 0;
        }
        head(name, kind, bitFields, parts, bytes);
        for (int p = 0; p < parts; p++) {
            long value = shapes.partValue(shape, p);
            word(text(shapes.partName(shape, p)));
            word(refs.get(at + p));
            word((int) value | (int) (value >>> 32) << 24);
        }
    }

    private void enumerators(int shape, int name, long value, int parts) {
        int bytes = (int) value;
        boolean wide = bytes > 4 && wideEnums;
        boolean signed = bytes > 4 && value >>> 32 != 0;
        for (int p = 0; p < parts && bytes <= 4; p++) {
            signed |= shapes.partValue(shape, p) < 0;
        }
        head(name, wide ? BtfReader.KIND_ENUM64 : BtfReader.KIND_ENUM, signed && wideEnums, parts, bytes); // who does not know the one does not know the other
        for (int p = 0; p < parts; p++) {
            long v = shapes.partValue(shape, p);
            word(text(shapes.partName(shape, p)));
            word((int) v);
            if (wide) {
                word((int) (v >>> 32));
            }
        }
    }
}
