package klink.place;

import java.util.BitSet;
import java.util.Map;
import java.util.TreeMap;
import klink.elf.Elf;
import klink.input.ObjectFile;
import klink.resolve.Symbols;

/// `.note.gnu.property`: what each object says of its code (branch protection, instruction sets), of which an image has one
/// note that holds for all of it. Linux Extensions to gABI, "Program Property"; the combination is GNU ld's
/// (bfd/elf-properties.c): a property of the AND kind stays if all objects have it, one of the OR kind if any has.
///
/// Every object that a kernel compiler makes for arm64 has one; the assembler's have not, so all of them go.
public final class PropertyNotes {
    private static final int NT_GNU_PROPERTY_TYPE_0 = 5;
    private static final int AARCH64_FEATURE_1_AND = 0xc0000000;
    private static final int X86_AND = 0xc0000002;
    private static final int X86_OR = 0xc0008000;
    private static final int X86_OR_AND = 0xc0010000;
    private static final int X86_END = 0xc0018000;

    /// All notes stay, as with `-r`.
    public static final PropertyNotes NONE = new PropertyNotes();

    private final BitSet dropped = new BitSet();

    private PropertyNotes() {}

    /// Decides which notes stay.
    public static PropertyNotes of(Symbols symbols) {
        var notes = new PropertyNotes();
        Map<Integer, Integer> all = null;
        int first = -1;
        Map<Integer, Integer> ofFirst = Map.of();
        for (int f = 0; f < symbols.fileCount(); f++) {
            ObjectFile file = symbols.file(f);
            if (file.isSynthetic()) {
                continue;
            }
            int ndx = find(file);
            Map<Integer, Integer> own = ndx == 0 ? Map.of() : read(file, ndx);
            all = all == null ? new TreeMap<>(own) : combine(all, own);
            if (ndx != 0 && first < 0) {
                first = symbols.firstSection(f) + ndx;
                ofFirst = own;
            } else if (ndx != 0) {
                notes.dropped.set(symbols.firstSection(f) + ndx);
            }
        }
        // What is left must be what the first note says already: klink makes no note of its own.
        if (first >= 0 && (all.isEmpty() || !all.equals(ofFirst))) {
            notes.dropped.set(first);
        }
        return notes;
    }

    /// Whether the note of that section id is none of the image's.
    public boolean drops(int section) {
        return dropped.get(section);
    }

    private static int find(ObjectFile file) {
        for (int s = 1; s < file.sectionCount(); s++) {
            if (file.type(s) == Elf.SHT_NOTE && file.sectionName(s).equals(".note.gnu.property")) {
                return s;
            }
        }
        return 0;
    }

    /// The 32-bit properties of an object, by type.
    private static Map<Integer, Integer> read(ObjectFile file, int ndx) {
        var found = new TreeMap<Integer, Integer>();
        long at = file.fileOffset(ndx);
        long end = at + file.size(ndx);
        while (at + 16 <= end) {
            long size = file.endian().u32(file.segment(), at + 4);
            long next = at + 16 + size;
            if (file.endian().u32(file.segment(), at) != 4 || next > end) {
                throw file.bad(at, "damaged note in .note.gnu.property");
            }
            if (file.endian().i32(file.segment(), at + 8) == NT_GNU_PROPERTY_TYPE_0) {
                for (long p = at + 16; p + 8 <= next; ) {
                    int type = file.endian().i32(file.segment(), p);
                    long length = file.endian().u32(file.segment(), p + 4);
                    if (length > next - p - 8) {
                        throw file.bad(p, "property of " + length + " bytes runs past its note");
                    }
                    if (length == 4) {
                        found.put(type, file.endian().i32(file.segment(), p + 8));
                    }
                    p += 8 + length + 7 & -8L;
                }
            }
            at = next + 7 & -8L;
        }
        return found;
    }

    private static Map<Integer, Integer> combine(Map<Integer, Integer> a, Map<Integer, Integer> b) {
        var both = new TreeMap<Integer, Integer>();
        var types = new java.util.TreeSet<>(a.keySet());
        types.addAll(b.keySet());
        for (int t : types) {
            Integer x = a.get(t);
            Integer y = b.get(t);
            boolean or = Integer.compareUnsigned(t, X86_OR) >= 0 && Integer.compareUnsigned(t, X86_END) < 0;
            boolean needsBoth = t == AARCH64_FEATURE_1_AND || Integer.compareUnsigned(t, X86_AND) >= 0 && Integer.compareUnsigned(t, X86_OR) < 0
                    || Integer.compareUnsigned(t, X86_OR_AND) >= 0;
            if (needsBoth && (x == null || y == null)) {
                continue;
            }
            int value = x == null ? y : y == null ? x : or ? x | y : x & y;
            if (value != 0) {
                both.put(t, value);
            }
        }
        return both;
    }
}
