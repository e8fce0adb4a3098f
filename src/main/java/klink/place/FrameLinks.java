package klink.place;

import klink.elf.Elf;
import klink.input.ObjectFile;
import klink.mem.IntList;
import klink.mem.LE;
import klink.resolve.Symbols;

/// From each section to the unwind records (FDEs) of its functions, over the whole link: chains in
/// parallel arrays. See [FrameRecords].
final class FrameLinks {
    private static final int WORDS = 6;

    private final int[] head;
    private final IntList fdes = new IntList();
    private final java.util.BitSet holders = new java.util.BitSet();

    private FrameLinks(int sections) {
        head = new int[sections];
        java.util.Arrays.fill(head, -1);
    }

    /// @param relocations by section id, the section of its file that relocates it
    /// @return null if no file has unwind records
    static FrameLinks of(Symbols symbols, int[] relocations) {
        FrameLinks links = null;
        for (int f = 0; f < symbols.fileCount(); f++) {
            ObjectFile file = symbols.file(f);
            int base = symbols.firstSection(f);
            for (int s = 1; s < file.sectionCount(); s++) {
                int rel = relocations[base + s];
                if (rel == 0 || file.type(rel) != Elf.SHT_RELA || symbols.isDiscarded(base + s) || !isFrameSection(file, s)) {
                    continue;
                }
                links = links == null ? new FrameLinks(symbols.sectionCount()) : links;
                links.add(symbols, f, s, rel);
            }
        }
        return links;
    }

    private static boolean isFrameSection(ObjectFile file, int s) {
        return (file.flags(s) & (Elf.SHF_ALLOC | Elf.SHF_COMPRESSED)) == Elf.SHF_ALLOC && file.type(s) != Elf.SHT_NOBITS
                && file.sectionName(s).equals(".eh_frame");
    }

    private void add(Symbols symbols, int f, int s, int rel) {
        ObjectFile file = symbols.file(f);
        int n = Math.toIntExact(file.size(rel) / Elf.RELA_SIZE);
        var words = new long[3 * n];
        LE.longs(file.segment(), file.fileOffset(rel), words, 0, 3 * n);
        var offsets = new long[n];
        for (int i = 0; i < n; i++) {
            offsets[i] = words[3 * i];
        }
        FrameRecords records = FrameRecords.of(file, s, offsets);
        if (records == null) {
            return;
        }
        holders.set(symbols.firstSection(f) + s);
        for (int i = 0; i < records.count(); i++) {
            int sym = (int) (words[3 * records.first(i) + 1] >>> 32);
            if (sym <= 0 || sym >= file.symbolCount() || file.symbolSection(sym) <= 0) {
                continue;
            }
            int target = symbols.firstSection(f) + file.symbolSection(sym);
            fdes.add(head[target]);
            fdes.add(rel);
            fdes.add(records.first(i) + 1);
            fdes.add(records.end(i));
            fdes.add(records.cieFirst(i));
            fdes.add(records.cieEnd(i));
            head[target] = fdes.size() / WORDS - 1;
        }
    }

    /// Whether a section consists of such records, so that its own relocations keep nothing alive.
    boolean holds(int section) {
        return holders.get(section);
    }

    /// The first FDE of a section's functions, or -1.
    int first(int section) {
        return head[section];
    }

    int next(int fde) {
        return fdes.get(WORDS * fde);
    }

    /// The relocation section that the ranges below count in.
    int relocations(int fde) {
        return fdes.get(WORDS * fde + 1);
    }

    /// Relocations of the FDE, without the one that names its function.
    int from(int fde) {
        return fdes.get(WORDS * fde + 2);
    }

    int to(int fde) {
        return fdes.get(WORDS * fde + 3);
    }

    int cieFrom(int fde) {
        return fdes.get(WORDS * fde + 4);
    }

    int cieTo(int fde) {
        return fdes.get(WORDS * fde + 5);
    }
}
