package klink.btf;

import java.util.Arrays;

/// Types by their content, each kept once: tables of what one worker has seen in all its units.
///
/// The key of a type is a hash of its content with that of all types it is made of; but where it names a struct, union or
/// enum, of the name alone. Cycles of C types always pass through such a name, so the hash is computed without looking
/// anything up, in each unit apart from all others. What stands for the name is a shape of its own ([#TAG]); a definition
/// is another shape, that says in [#ref] which tag it defines.
///
/// A defconfig has 10 million types in its units, and 120,000 shapes.
final class Shapes {
    /// A struct, union or enum as it is referred to: by name. Its [#value] is the kind.
    static final int TAG = 32;
    /// For what is only there in case it will be asked for: prototypes of functions.
    static final long UNUSED = Long.MAX_VALUE;
    /// Void has no shape.
    static final long VOID = 0;

    final Names names = new Names();
    private final LongMap ids = new LongMap(1 << 14);
    int count = 1;
    long[] key = new long[1 << 13];
    byte[] kind = new byte[1 << 13];
    int[] name = new int[1 << 13];
    /// Bytes; elements of an array; of an INT, encoding in the upper half.
    long[] value = new long[1 << 13];
    /// Key of the type referred to.
    long[] ref = new long[1 << 13];
    int[] first = new int[1 << 13];
    int[] parts = new int[1 << 13];
    /// Where it was first seen: file, unit and entry.
    long[] order = new long[1 << 13];

    int partCount;
    int[] partName = new int[1 << 14];
    long[] partType = new long[1 << 14];
    /// Bit offset, and size of a bit-field in the upper half; value of an enumerator.
    long[] partValue = new long[1 << 14];

    /// The shape of that key, or -1.
    int find(long k) {
        return ids.get(k);
    }

    int add(long k, int kindOf, int nameOf, long valueOf, long refOf, long orderOf) {
        if (count == key.length) {
            int n = 2 * count;
            key = Arrays.copyOf(key, n);
            kind = Arrays.copyOf(kind, n);
            name = Arrays.copyOf(name, n);
            value = Arrays.copyOf(value, n);
            ref = Arrays.copyOf(ref, n);
            first = Arrays.copyOf(first, n);
            parts = Arrays.copyOf(parts, n);
            order = Arrays.copyOf(order, n);
        }
        key[count] = k;
        kind[count] = (byte) kindOf;
        name[count] = nameOf;
        value[count] = valueOf;
        ref[count] = refOf;
        first[count] = partCount;
        order[count] = orderOf;
        ids.put(k, count);
        return count++;
    }

    /// Adds a part to the shape that was added last.
    void addPart(int nameOf, long typeOf, long valueOf) {
        if (partCount == partName.length) {
            int n = 2 * partCount;
            partName = Arrays.copyOf(partName, n);
            partType = Arrays.copyOf(partType, n);
            partValue = Arrays.copyOf(partValue, n);
        }
        partName[partCount] = nameOf;
        partType[partCount] = typeOf;
        partValue[partCount++] = valueOf;
        parts[count - 1]++;
    }
}
