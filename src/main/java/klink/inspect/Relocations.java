package klink.inspect;

import klink.elf.Elf;
import klink.inspect.ElfImage.Section;
import klink.mem.LE;

/// One table of relocations: three words an entry (offset, info, addend), as a 64-bit file holds them. Entries of a 32-bit one have no addend, which
/// reads as 0. A kernel linked
/// with `--emit-relocs` keeps about 1.1 million for its loaded sections.
public final class Relocations {
    private static final int WORDS = 3;
    private static final int NARROW_REL = 8;

    private final long[] words;

    private Relocations(long[] words) {
        this.words = words;
    }

    static Relocations read(ElfImage image, Section rela) {
        long at = rela.fileOffset();
        int entry = image.isWide() ? Elf.RELA_SIZE : NARROW_REL;
        if (rela.entsize() != entry || rela.size() % entry != 0) {
            throw image.bad(at, "relocation section " + rela.name() + " of " + rela.size() + " bytes with entries of " + rela.entsize());
        }
        long count = rela.size() / entry;
        if (count > Integer.MAX_VALUE / WORDS) {
            throw image.bad(at, "relocation section " + rela.name() + " is too large");
        }
        if (rela.info() < 0 || rela.info() >= image.sections().size()) {
            throw image.bad(at, "relocation section " + rela.name() + " is for section " + rela.info() + ", which does not exist");
        }
        var words = new long[(int) count * WORDS];
        if (image.isWide()) {
            LE.longs(image.data(), at, words, 0, words.length);
        }
        for (int i = 0; i < count && !image.isWide(); i++) {
            long info = image.endian().u32(image.data(), at + 8L * i + 4);
            words[WORDS * i] = image.endian().u32(image.data(), at + 8L * i);
            words[WORDS * i + 1] = info >> 8 << 32 | info & 0xff;
        }
        int symbols = image.symbols().count();
        for (int i = 0; i < count; i++) {
            if (words[WORDS * i + 1] >>> 32 >= Math.max(1, symbols)) {
                throw image.bad(at + (long) i * entry + entry / 3,
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
