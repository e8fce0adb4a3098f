package klink.inspect;

import klink.elf.Elf;
import klink.inspect.ElfImage.Section;
import klink.mem.LE;

/// One RELA table: three words an entry (offset, info, addend), as the file holds them. A kernel linked
/// with `--emit-relocs` keeps about 1.1 million for its loaded sections.
public final class Relocations {
    private static final int WORDS = 3;

    private final long[] words;

    private Relocations(long[] words) {
        this.words = words;
    }

    static Relocations read(ElfImage image, Section rela) {
        long at = rela.fileOffset();
        if (rela.entsize() != Elf.RELA_SIZE || rela.size() % Elf.RELA_SIZE != 0) {
            throw image.bad(at, "relocation section " + rela.name() + " of " + rela.size() + " bytes with entries of " + rela.entsize());
        }
        long count = rela.size() / Elf.RELA_SIZE;
        if (count > Integer.MAX_VALUE / WORDS) {
            throw image.bad(at, "relocation section " + rela.name() + " is too large");
        }
        if (rela.info() < 0 || rela.info() >= image.sections().size()) {
            throw image.bad(at, "relocation section " + rela.name() + " is for section " + rela.info() + ", which does not exist");
        }
        var words = new long[(int) count * WORDS];
        LE.longs(image.data(), at, words, 0, words.length);
        int symbols = image.symbols().count();
        for (int i = 0; i < count; i++) {
            if (words[WORDS * i + 1] >>> 32 >= Math.max(1, symbols)) {
                throw image.bad(at + (long) i * Elf.RELA_SIZE + 8,
                        "relocation " + i + " of " + rela.name() + " is against symbol " + (words[WORDS * i + 1] >>> 32) + ", which does not exist");
            }
        }
        return new Relocations(words);
    }

    public int count() {
        return words.length / WORDS;
    }

    public long offset(int i) {
        return words[WORDS * i];
    }

    public int type(int i) {
        return (int) words[WORDS * i + 1];
    }

    public int symbol(int i) {
        return (int) (words[WORDS * i + 1] >>> 32);
    }

    public long addend(int i) {
        return words[WORDS * i + 2];
    }
}
