package klink.dynamic;

import klink.elf.Elf;
import klink.input.ObjectFile;
import klink.mem.LE;
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

    /// The sites in the objects' own sections.
    /// @param type the relocation that is a whole address
    public static long count(Symbols symbols, Placement place, Movable movable, int type, int threads) {
        var counts = new long[symbols.fileCount()];
        var buffers = new long[threads][];
        Par.loop(counts.length, threads, (f, w) -> {
            if (buffers[w] == null) {
                buffers[w] = new long[3 * BLOCK];
            }
            counts[f] = count(symbols, place, movable, type, f, buffers[w]);
        });
        long all = 0;
        for (long c : counts) {
            all += c;
        }
        return all;
    }

    private static long count(Symbols symbols, Placement place, Movable movable, int type, int f, long[] r) {
        ObjectFile file = symbols.file(f);
        long found = 0;
        for (int rel = 1; rel < file.sectionCount(); rel++) {
            if (file.type(rel) != Elf.SHT_RELA) {
                continue;
            }
            int out = place.outputOf(symbols.firstSection(f) + file.info(rel));
            if (out < 0 || !isLoaded(place.sections().get(out))) {
                continue;
            }
            long count = file.size(rel) / Elf.RELA_SIZE;
            for (long done = 0; done < count; done += BLOCK) {
                int n = (int) Math.min(BLOCK, count - done);
                LE.longs(file.segment(), file.fileOffset(rel) + done * Elf.RELA_SIZE, r, 0, 3 * n);
                for (int i = 0; i < n; i++) {
                    int symbol = (int) (r[3 * i + 1] >>> 32);
                    if ((int) r[3 * i + 1] == type && symbol >= 0 && symbol < file.symbolCount() && movable.moves(f, symbol)) {
                        found++;
                    }
                }
            }
        }
        return found;
    }

    private static boolean isLoaded(OutputSection s) {
        return (s.flags() & Elf.SHF_ALLOC) != 0;
    }
}
