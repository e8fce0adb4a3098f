package klink.dynamic;

import klink.arch.Machine;
import klink.elf.Elf;
import klink.input.ObjectFile;
import klink.layout.TocEdit;
import klink.mem.LE;
import klink.mem.LongList;
import klink.par.Par;
import klink.place.OutputSection;
import klink.place.Placement;
import klink.resolve.Symbols;

/// How many words of an image that moves hold an address and so need a relocation of their own for whoever moves it
/// (`R_*_RELATIVE` in `.rela.dyn`). An arm64 kernel has 240,000, 5.7 MB of it; the number settles where everything
/// behind the table lies, so it is counted before addresses are, and the entries are written as sites are relocated.
public final class Relatives {
    private static final int BLOCK = 2048;

    private Relatives() {}

    /// @param words entries: sites in the objects' own sections
    /// @param spare room for entries that are never written, R_*_NONE at the end of the table. GNU ld counts words that refer to
    ///              global names before it discards sections (bfd, `check_relocs`), so the table has an entry for each word of a
    ///              discarded section (12,578 in an arm64 defconfig, nearly all from `.discard.addressable`); and what refers to a
    ///              weak name that nothing defines
    /// @param packed places of words that are not among these, as `.relr.dyn` tells of them; null: they are not packed
    /// @param inReadOnly whether one of them is in a section that is not to be written to
    public record Counts(long words, long spare, LongList[] packed, boolean inReadOnly) {}

    /// Counts the sites in the objects.
    /// @param machine says which relocations are whole addresses
    /// @param pack whether what can be goes to `.relr.dyn`
    /// @param edit what becomes of the table of contents; null if that stays as it is
    public static Counts count(Symbols symbols, Placement place, Movable movable, Machine machine, boolean pack, TocEdit edit, int threads) {
        LongList[] packed = pack ? new LongList[symbols.fileCount()] : null;
        var counts = new long[symbols.fileCount()];
        var spares = new long[symbols.fileCount()];
        var readOnly = new boolean[symbols.fileCount()];
        var buffers = new long[threads][];
        Par.loop(counts.length, threads, (f, w) -> {
            if (buffers[w] == null) {
                buffers[w] = new long[3 * BLOCK];
            }
            counts[f] = count(symbols, place, movable, machine, f, edit, buffers[w], spares, readOnly, packed);
        });
        long all = 0;
        long spare = 0;
        boolean inReadOnly = false;
        for (int f = 0; f < counts.length; f++) {
            all += counts[f];
            spare += spares[f];
            inReadOnly |= readOnly[f];
        }
        return new Counts(all, spare, packed, inReadOnly);
    }

    private static long count(Symbols symbols, Placement place, Movable movable, Machine machine, int f, TocEdit edit, long[] r, long[] spares, boolean[] readOnly, LongList[] packed) {
        ObjectFile file = symbols.file(f);
        long found = 0;
        int type = machine.absoluteType();
        int unaligned = machine.unalignedType();
        for (int rel = 1; rel < file.sectionCount(); rel++) {
            if (file.type(rel) != Elf.SHT_RELA) {
                continue;
            }
            int section = symbols.firstSection(f) + file.info(rel);
            int out = place.outputOf(section);
            boolean placed = out >= 0 && isLoaded(place.sections().get(out));
            if (!placed && (out >= 0 || symbols.isDiscarded(section) || (file.flags(file.info(rel)) & Elf.SHF_ALLOC) == 0)) {
                continue;
            }
            boolean edited = edit != null && edit.edits(f, file.info(rel));
            long count = file.size(rel) / Elf.RELA_SIZE;
            for (long done = 0; done < count; done += BLOCK) {
                int n = (int) Math.min(BLOCK, count - done);
                LE.longs(file.segment(), file.fileOffset(rel) + done * Elf.RELA_SIZE, r, 0, 3 * n);
                for (int i = 0; i < n; i++) {
                    int symbol = (int) (r[3 * i + 1] >>> 32);
                    if ((int) r[3 * i + 1] != type && (int) r[3 * i + 1] != unaligned || symbol < 0 || symbol >= file.symbolCount() || edited && edit.shift(f, r[3 * i]) < 0) {
                        continue;
                    }
                    if (placed && movable.moves(f, symbol)) {
                        readOnly[f] |= (place.sections().get(out).flags() & Elf.SHF_WRITE) == 0;
                        if (packed != null && PackedWords.packs(file.alignment(file.info(rel)), r[3 * i])) {
                            packed[f] = packed[f] == null ? new LongList() : packed[f];
                            packed[f].add(PackedWords.place(section, r[3 * i] - (edited ? edit.shift(f, r[3 * i]) : 0)));
                        } else {
                            found++;
                        }
                    } else if (symbol >= file.firstGlobal() && isCounted(symbols, symbols.global(f, symbol))) {
                        spares[f]++;
                    }
                }
            }
        }
        return found;
    }

    /// Whether GNU ld makes room for an entry that refers to a name, though the address behind it does not move. A
    /// weak name that nothing defines could yet be found by a dynamic linker.
    public static boolean isCounted(Symbols symbols, int global) {
        byte kind = symbols.kind(global);
        return kind > Symbols.UNDEFINED && kind != Symbols.ABSENT || kind == Symbols.UNDEFINED_WEAK && symbols.visibility(global) == Elf.STV_DEFAULT;
    }

    private static boolean isLoaded(OutputSection s) {
        return (s.flags() & Elf.SHF_ALLOC) != 0;
    }
}
