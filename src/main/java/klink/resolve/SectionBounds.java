package klink.resolve;

import java.util.Arrays;
import java.util.BitSet;
import java.util.HashSet;
import java.util.Set;
import klink.elf.Elf;
import klink.input.ObjectFile;

/// Names that the linker defines without being asked: `__start_X` and `__stop_X`, referenced but defined
/// nowhere, are the bounds of section X if its name could be a C identifier (GNU ld manual, "Input
/// Section Example"). Kernel scripts define the bounds of their tables themselves; user programs, glibc
/// first of all, count on the linker.
public final class SectionBounds {
    private static final byte[] START = {'_', '_', 's', 't', 'a', 'r', 't', '_'};
    private static final byte[] STOP = {'_', '_', 's', 't', 'o', 'p', '_'};

    private SectionBounds() {}

    /// Makes such references definitions of kind [Symbols#SCRIPT].
    static void define(Resolution r) {
        var candidates = new BitSet();
        var wanted = new HashSet<String>();
        for (int g = 0; g < r.names.count(); g++) {
            if (r.kind[g] <= Symbols.UNDEFINED && r.kind[g] >= Symbols.UNDEFINED_WEAK && (has(r, g, START) || has(r, g, STOP))) {
                candidates.set(g);
                wanted.add(section(r.names.name(g)));
            }
        }
        if (candidates.isEmpty()) {
            return;
        }
        Set<String> present = present(r, wanted);
        for (int g = candidates.nextSetBit(0); g >= 0; g = candidates.nextSetBit(g + 1)) {
            if (present.contains(section(r.names.name(g)))) {
                r.kind[g] = Symbols.SCRIPT;
                r.bounds.set(g);
                if (r.visibility[g] == Elf.STV_DEFAULT) {
                    r.visibility[g] = Elf.STV_PROTECTED;
                }
            }
        }
    }

    private static Set<String> present(Resolution r, Set<String> wanted) {
        var present = new HashSet<String>();
        for (ObjectFile file : r.files) {
            for (int s = 1; s < file.sectionCount(); s++) {
                if (isIdentifier(file.sectionNames(), file.nameOffset(s)) && wanted.contains(file.sectionName(s))) {
                    present.add(file.sectionName(s));
                }
            }
        }
        return present;
    }

    /// Whether the NUL-terminated name could be a C identifier.
    public static boolean isIdentifier(byte[] table, int offset) {
        int i = offset;
        for (byte c; (c = table[i]) != 0; i++) {
            boolean letter = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_';
            if (!letter && (c < '0' || c > '9' || i == offset)) {
                return false;
            }
        }
        return i > offset;
    }

    /// The section that a bound's name speaks of.
    public static String section(String bound) {
        return bound.substring(bound.startsWith("__start_") ? START.length : STOP.length);
    }

    private static boolean has(Resolution r, int g, byte[] prefix) {
        byte[] t = r.names.table(g);
        int at = r.names.offset(g);
        return r.names.length(g) > prefix.length && Arrays.equals(t, at, at + prefix.length, prefix, 0, prefix.length);
    }
}
