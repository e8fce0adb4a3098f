package klink.btf;

import java.util.Arrays;
import klink.dwarf.TypeEntries;
import klink.dwarf.TypeReader;

/// What must be the same of all functions of a name, lest a BPF program that attaches to that name reads other parameters
/// than it believes: number and types of parameters and what is returned, looked at as pahole 1.30 does (types__match in its
/// btf_encoder.c). Structs, unions, enums and typedefs are known by their names, `const` does not count, and of what a
/// pointer to a function takes only the number; so that units which see more or less of a type still agree.
///
/// And whether parameters are where the ABI has them, as far as debug information says: a compiler may pass less to a
/// static function than it declares.
final class Signatures {
    private static final int VOID = 3;
    private static final int CONST_VOID = 5;
    private static final int DEEPEST = 64;

    private TypeReader reader;
    private TypeEntries e;
    private long[] known = new long[1 << 12];

    /// Goes to another unit.
    void begin(TypeReader from, TypeEntries entries) {
        reader = from;
        e = entries;
        if (known.length < e.count) {
            known = new long[e.offset.length];
        }
        Arrays.fill(known, 0, e.count, 0);
    }

    private static long mix(long h, long more) {
        h = (h ^ more) * 0x9e37_79b9_7f4a_7c15L;
        return h ^ h >>> 29;
    }

    /// A hash of a function's signature.
    long of(int function) {
        long h = mix(7, type(e.ref[function], 0));
        for (int p = e.firstPart[function]; p >= 0; p = e.nextPart[p]) {
            if (e.partKind[p] == TypeEntries.PARAMETER) {
                h = mix(h, type(e.partRef[p], 0));
            }
        }
        return (e.flags[function] & TypeEntries.VARIADIC) != 0 ? mix(h, VOID) : h;
    }

    private long type(int offset, int depth) {
        int i = offset == TypeEntries.NO_REF ? -1 : e.find(offset);
        if (i < 0 || depth > DEEPEST) {
            return VOID;
        }
        if (known[i] == 0) {
            known[i] = entry(i, depth);
        }
        return known[i];
    }

    private long entry(int i, int depth) {
        byte kind = e.kind[i];
        long name = e.name[i] == TypeEntries.NO_NAME ? 0 : reader.nameHash(e.name[i]);
        return switch (kind) {
            case TypeEntries.BASE -> mix(mix(mix(kind, name), e.size[i]), e.flags[i]);
            case TypeEntries.STRUCT, TypeEntries.UNION, TypeEntries.TYPEDEF -> mix(kind, name);
            case TypeEntries.ENUM -> mix(mix(kind, name), e.size[i] > 4 ? 1 : 0);
            case TypeEntries.CONST -> {
                long of = type(e.ref[i], depth + 1);
                yield of == VOID ? CONST_VOID : of;
            }
            case TypeEntries.UNSPECIFIED -> VOID;
            case TypeEntries.ATOMIC -> type(e.ref[i], depth + 1);
            case TypeEntries.ARRAY -> mix(mix(kind, type(e.ref[i], depth + 1)), elements(i));
            case TypeEntries.PROTOTYPE -> mix(mix(kind, type(e.ref[i], depth + 1)), parameters(i));
            case TypeEntries.POINTER -> mix(mix(kind, type(e.ref[i], depth + 1)), tags(i));
            default -> mix(kind, type(e.ref[i], depth + 1));
        };
    }

    private long elements(int i) {
        int n = 1;
        for (int p = e.firstPart[i]; p >= 0; p = e.nextPart[p]) {
            n *= e.partKind[p] == TypeEntries.BOUND ? (int) e.partValue[p] : 1;
        }
        return n;
    }

    private int parameters(int i) {
        int n = (e.flags[i] & TypeEntries.VARIADIC) != 0 ? 1 : 0;
        for (int p = e.firstPart[i]; p >= 0; p = e.nextPart[p]) {
            n += e.partKind[p] == TypeEntries.PARAMETER ? 1 : 0;
        }
        return n;
    }

    private int tags(int i) {
        int n = 0;
        for (int p = e.firstPart[i]; p >= 0; p = e.nextPart[p]) {
            n += e.partKind[p] == TypeEntries.ANNOTATION ? 1 : 0;
        }
        return n;
    }

    /// Whether a parameter is in another register than expected. Not where one is a struct, which may take several or none: then the
    /// others move.
    boolean isMisplaced(int function) {
        int[] registers = Registers.of(reader.machine());
        int n = 0;
        boolean found = false;
        for (int p = e.firstPart[function]; p >= 0 && n < registers.length; p = e.nextPart[p]) {
            if (e.partKind[p] == TypeEntries.PARAMETER) {
                int register = reader.register(e, p, registers[n]);
                found |= register >= 0 && register != registers[n];
                n++;
            }
        }
        return found && !hasStruct(function);
    }

    private boolean hasStruct(int function) {
        for (int p = e.firstPart[function]; p >= 0; p = e.nextPart[p]) {
            if (e.partKind[p] == TypeEntries.PARAMETER) {
                int i = e.partRef[p] == TypeEntries.NO_REF ? -1 : e.find(e.partRef[p]);
                for (int n = 0; i >= 0 && n < DEEPEST && (e.kind[i] == TypeEntries.TYPEDEF || e.kind[i] == TypeEntries.CONST); n++) {
                    i = e.ref[i] == TypeEntries.NO_REF ? -1 : e.find(e.ref[i]);
                }
                if (i >= 0 && e.kind[i] == TypeEntries.STRUCT) {
                    return true;
                }
            }
        }
        return false;
    }
}
