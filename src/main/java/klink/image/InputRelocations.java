package klink.image;

import klink.elf.Elf;
import klink.input.ObjectFile;
import klink.par.Par;
import klink.resolve.Symbols;

/// Which relocation section of its file applies to each input section, by section id; 0 for none.
final class InputRelocations {
    private final int[] relocations;

    private InputRelocations(int n) {
        relocations = new int[n];
    }

    static InputRelocations of(Symbols symbols, int threads) {
        var r = new InputRelocations(symbols.sectionCount());
        Par.loop(symbols.fileCount(), threads, (f, _) -> {
            ObjectFile file = symbols.file(f);
            int base = symbols.firstSection(f);
            for (int s = 1; s < file.sectionCount(); s++) {
                int type = file.type(s);
                if (type != Elf.SHT_RELA && type != Elf.SHT_REL || file.size(s) == 0) {
                    continue;
                }
                int target = base + file.info(s);
                if (r.relocations[target] != 0) {
                    throw file.bad(file.fileOffset(s), "second relocation section for " + file.sectionName(file.info(s)));
                }
                r.relocations[target] = s;
            }
        });
        return r;
    }

    int of(int section) {
        return relocations[section];
    }
}
