package klink.input;

import klink.elf.Elf;
import klink.mem.LE;

/// Relocation entries of an object as three words each, whatever its class: offset; symbol in the upper and type in the lower half; addend.
/// 64-bit objects have such entries (SHT_RELA), 24 bytes each, and they are copied. 32-bit arm has entries of 8 bytes without an addend
/// (SHT_REL), which stands in the bytes that the relocation changes: a machine knows how to find it there.
public final class RelocationTable {
    private static final int REL32_SIZE = 8;

    private RelocationTable() {}

    /// Whether section `rel` is one.
    public static boolean is(ObjectFile file, int rel) {
        return file.type(rel) == (file.is64() ? Elf.SHT_RELA : Elf.SHT_REL);
    }

    /// Bytes of an entry.
    public static int entrySize(ObjectFile file) {
        return file.is64() ? Elf.RELA_SIZE : REL32_SIZE;
    }

    /// The number of entries in a section that [#is] one.
    public static long count(ObjectFile file, int rel) {
        return file.size(rel) / entrySize(file);
    }

    /// Refuses a relocation section of a kind or size that no object of its class has.
    public static void check(ObjectFile file, int rel) {
        if (!is(file, rel) || file.size(rel) % entrySize(file) != 0) {
            throw file.bad(file.fileOffset(rel), "relocation section " + file.sectionName(rel) + " of " + file.size(rel) + " bytes, want "
                    + (file.is64() ? "SHT_RELA entries of 24" : "SHT_REL entries of 8"));
        }
    }

    /// Reads `n` entries from number `from` on.
    /// @param to three words each; the third is 0 where the addend stands in the section
    public static void read(ObjectFile file, int rel, long from, int n, long[] to) {
        if (file.is64()) {
            LE.longs(file.segment(), file.fileOffset(rel) + from * Elf.RELA_SIZE, to, 0, 3 * n);
            return;
        }
        // One copy of all to the end of the table, which is then filled from its start and never gets ahead of what it reads.
        LE.longs(file.segment(), file.fileOffset(rel) + from * REL32_SIZE, to, 2 * n, n);
        for (int i = 0, next = 2 * n; i < 3 * n; i += 3) {
            long entry = to[next++];
            to[i] = entry & 0xffff_ffffL;
            to[i + 1] = entry >>> 40 << 32 | entry >>> 32 & 0xff;
            to[i + 2] = 0;
        }
    }
}
