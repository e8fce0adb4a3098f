package klink;

import klink.arch.Machine;
import klink.elf.Elf;
import klink.image.Image;
import klink.input.ObjectFile;
import klink.layout.Sizes;
import klink.mem.LE;
import klink.veneer.Veneers;

/// `.branch_lt`: the addresses, of eight bytes each, that powerpc's veneers load for targets which no branch reaches.
final class BranchTable {
    private static final int WORD = 8;

    private final ObjectFile object;
    private int words;

    private BranchTable(Machine machine) {
        object = ObjectFile.synthetic("<branch table>", machine.number(), ".branch_lt", Elf.SHT_PROGBITS, Elf.SHF_ALLOC | Elf.SHF_WRITE, WORD, WORD);
    }

    /// Null on a machine whose veneers load nothing.
    static BranchTable plan(LinkOptions opt, Machine machine) {
        return machine.groupsVeneers() && !opt.relocatable ? new BranchTable(machine) : null;
    }

    ObjectFile object() {
        return object;
    }

    int words() {
        return words;
    }

    /// The sizes with so many words.
    /// @param section id of the table
    Sizes with(int count, Sizes sizes, int section) {
        words = count;
        return count == 0 ? sizes.without(section) : sizes.with(section, (long) WORD * count, WORD);
    }

    /// Writes them.
    void fill(Veneers veneers, Image image, int section) {
        if (words > 0) {
            var bytes = new byte[WORD * words];
            var offsets = new int[words];
            for (int i = 0; i < words; i++) {
                LE.put64(bytes, WORD * i, i < veneers.table().length ? veneers.table()[i] : 0);
                offsets[i] = WORD * i;
            }
            image.supplies().fill(section, bytes, offsets);
        }
    }
}
