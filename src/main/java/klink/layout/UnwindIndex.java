package klink.layout;

import java.util.BitSet;
import java.util.Map;
import klink.elf.Arm;
import klink.elf.Elf;
import klink.input.ObjectFile;
import klink.mem.Endian;
import klink.mem.IntList;
import klink.mem.IntSort;
import klink.mem.LE;
import klink.place.Placement;
import klink.resolve.Symbols;

/// Arm's index of unwind tables (EHABI32, "Index table entries"): eight bytes per function, in the order of addresses, found by bisection; an entry
/// holds until the next one begins. Objects bring one `.ARM.exidx` section for each section of code that has entries. So the linker adds an entry
/// that says "cannot be unwound" where code without entries follows, and one at the end, and may leave out an entry that says what the one
/// before it says. A kernel has 45,000, of which a quarter go.
///
/// What is added or left out follows from the order of code, which an early layout has, and from the objects' bytes. The result is GNU ld's
/// (`elf32_arm_fix_exidx_coverage`).
public final class UnwindIndex {
    private static final int ENTRY = 8;
    private static final int NONE = -1;
    private static final int CANNOT = 0;
    private static final int INLINE = 1;
    private static final int TABLE = 2;

    private final Symbols symbols;
    private final boolean merges;
    /// Whether the link is relocatable: entries are added, as code that has none may come to stand behind code that has, but none is left out,
    /// and there is no end yet.
    private final boolean relocatable;
    /// By section of code: its index section, or 0. Section 0 is no file's.
    private final int[] indexOf;
    /// By index section: the section of code behind whose end an entry is added; 0: none.
    private final int[] endOf;
    /// By index section: entries that are left out, or null.
    private final BitSet[] dropped;
    private int lastKind = NONE;
    private int lastInline;
    private int lastText;
    private int lastIndex;

    private UnwindIndex(Symbols symbols, boolean merges, boolean relocatable) {
        this.symbols = symbols;
        this.relocatable = relocatable;
        this.merges = merges;
        indexOf = new int[symbols.sectionCount()];
        endOf = new int[symbols.sectionCount()];
        dropped = new BitSet[symbols.sectionCount()];
    }

    /// Null if no object has an index.
    /// @param early  a layout that has settled the order of code
    /// @param merges entries that repeat the one before are left out
    public static UnwindIndex of(Symbols symbols, Placement place, Addresses early, boolean merges, boolean relocatable) {
        var index = new UnwindIndex(symbols, merges, relocatable);
        var code = new IntList();
        boolean any = false;
        for (int f = 0; f < symbols.fileCount(); f++) {
            ObjectFile file = symbols.file(f);
            int base = symbols.firstSection(f);
            for (int s = 1; s < file.sectionCount(); s++) {
                if (file.type(s) == Arm.SHT_ARM_EXIDX && file.link(s) != 0 && !file.isSynthetic()) {
                    index.indexOf[base + file.link(s)] = base + s;
                    any |= place.isPlaced(base + s);
                } else if (file.type(s) == Elf.SHT_PROGBITS && (file.flags(s) & Elf.SHF_EXECINSTR) != 0 && place.isPlaced(base + s)) {
                    code.add(base + s);
                }
            }
        }
        if (!any) {
            return null;
        }
        int[] ids = code.toArray();
        var address = new long[symbols.sectionCount()];
        for (int id : ids) {
            address[id] = early.addressOfInput(id);
        }
        IntSort.sort(ids, (a, b) -> address[a] != address[b] ? Long.compareUnsigned(address[a], address[b]) : Integer.compare(a, b));
        for (int id : ids) {
            index.code(id, place);
        }
        if (!relocatable && index.lastIndex != 0 && index.lastKind != CANNOT) {
            index.end();
        }
        return index;
    }

    private void end() {
        endOf[lastIndex] = lastText;
        lastKind = CANNOT;
    }

    /// The next section of code.
    private void code(int id, Placement place) {
        int index = indexOf[id];
        ObjectFile file = symbols.file(symbols.fileOfSection(id));
        int base = symbols.firstSection(symbols.fileOfSection(id));
        if (index == 0) {
            if (lastKind != CANNOT && lastIndex != 0 && file.size(id - base) != 0) {
                end();
            }
            return;
        }
        if (!place.isPlaced(index)) {
            return;
        }
        int ndx = index - base;
        byte[] entries = LE.copy(file.segment(), file.fileOffset(ndx), Math.toIntExact(file.size(ndx)));
        if (lastKind > CANNOT && entries.length >= ENTRY && file.endian().i32(entries, 0) != 0) {
            end(); // the first function has no entry
        }
        for (int e = 0; e < entries.length / ENTRY; e++) {
            entry(index, e, file.endian().i32(entries, e * ENTRY + 4));
        }
        lastIndex = index;
        lastText = id;
    }

    private void entry(int index, int e, int second) {
        int kind = second == Arm.EXIDX_CANTUNWIND ? CANNOT : second < 0 ? INLINE : TABLE;
        boolean repeats = kind == CANNOT && lastKind == CANNOT || kind == INLINE && merges && lastKind == INLINE && lastInline == second;
        lastInline = kind == INLINE ? second : lastInline;
        lastKind = kind;
        if (repeats && !relocatable) {
            dropped[index] = dropped[index] == null ? new BitSet() : dropped[index];
            dropped[index].set(e);
        }
    }

    /// Whether a section has other entries in the image than in its file.
    public boolean edits(int section) {
        return dropped[section] != null || endOf[section] != 0;
    }

    /// The section of code behind whose end a section gets an entry; 0: none.
    public int endOf(int section) {
        return endOf[section];
    }

    /// Adds to the numbers of relocations, by section id, those of entries that are added.
    public void promise(Map<Integer, Integer> relocations) {
        for (int s = 0; s < endOf.length; s++) {
            if (relocatable && endOf[s] != 0) {
                relocations.put(s, 1);
            }
        }
    }

    /// The sizes with those of all such sections.
    public Sizes sized(Sizes sizes) {
        long[] bytes = sizes.all();
        for (int s = 0; s < bytes.length; s++) {
            bytes[s] += (endOf[s] != 0 ? ENTRY : 0) - (dropped[s] == null ? 0 : dropped[s].cardinality() * ENTRY);
        }
        return sizes.withAll(bytes);
    }

    /// Writes such a section.
    /// @param from its relocated bytes, as the file has them: each word that is a distance counts from its place there
    /// @param size of them
    /// @return bytes written
    public int write(int section, byte[] from, int size, Addresses at, Sizes sizes, byte[] out, int to) {
        int start = to;
        Endian words = symbols.file(symbols.fileOfSection(section)).endian();
        for (int e = 0; e < size / ENTRY; e++) {
            if (dropped[section] != null && dropped[section].get(e)) {
                continue;
            }
            int moved = e * ENTRY - (to - start);
            int second = words.i32(from, e * ENTRY + 4);
            words.put32(out, to, moved(words.i32(from, e * ENTRY), moved));
            words.put32(out, to + 4, second == Arm.EXIDX_CANTUNWIND || second < 0 ? second : moved(second, moved));
            to += ENTRY;
        }
        if (endOf[section] != 0) {
            long end = at.addressOfInput(endOf[section]) + sizes.size(endOf[section]);
            long place = relocatable ? 0 : at.addressOfInput(section) + to - start; // or a relocation's addend
            words.put32(out, to, (int) (end - place) & 0x7fff_ffff);
            words.put32(out, to + 4, Arm.EXIDX_CANTUNWIND);
            to += ENTRY;
        }
        return to - start;
    }

    /// A 31-bit distance whose place moved down.
    private static int moved(int word, int by) {
        return word & 0x8000_0000 | word + by & 0x7fff_ffff;
    }
}
