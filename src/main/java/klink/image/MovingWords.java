package klink.image;

import klink.dynamic.Movable;
import klink.dynamic.PackedWords;
import klink.elf.Elf;
import klink.mem.IntSort;
import klink.mem.LE;
import klink.mem.LongList;

/// The words of a moving image that hold an address: gathered while the sections are relocated, a list per range so
/// that threads do not meet, and written as the RELATIVE entries of `.rela.dyn` in the order of their addresses.
///
/// The kernel's own startup code stores addend + displacement at each (arm64: arch/arm64/kernel/pi/relocate.c; powerpc:
/// arch/powerpc/kernel/reloc_64.S), so the place itself may hold anything, and with `--no-apply-dynamic-relocs` keeps what
/// the object has there.
public final class MovingWords {
    final boolean[] movable;
    final int type;
    final int unaligned;
    final boolean applied;
    private final int section;
    private final int relative;
    private final long promised;
    private final byte[] tail;
    private LongList[] ranges;
    private LongList[] packedRanges;
    private final PackedWords packed;

    /// @param section  id of the synthetic section that gets the entries
    /// @param type     the relocation that is a whole address
    /// @param unaligned the same at an odd place; -1: there is none
    /// @param relative the type of the entries
    /// @param applied  whether the places hold the addresses too
    /// @param promised how many entries the section has room for
    /// @param tail     entries of another kind behind these
    /// @param packed   the words that are listed in `.relr.dyn` instead; null: none are
    public MovingWords(int section, Movable movable, int type, int unaligned, int relative, boolean applied, long promised, byte[] tail, PackedWords packed) {
        this.tail = tail;
        this.section = section;
        this.movable = movable.table();
        this.type = type;
        this.unaligned = unaligned;
        this.relative = relative;
        this.applied = applied;
        this.promised = promised;
        this.packed = packed;
    }

    void ranges(int n) {
        ranges = new LongList[n];
        packedRanges = new LongList[n];
    }

    /// The list of one range: address, value, address, value ...
    LongList of(int range) {
        return ranges[range] = new LongList(256);
    }

    /// The list of one range, of words that go to `.relr.dyn`: their addresses. Null if none do.
    LongList packedOf(int range) {
        return packed == null ? null : (packedRanges[range] = new LongList(256));
    }

    int section() {
        return section;
    }

    /// Id of the section that `.relr.dyn` is made of; -1 if there is none.
    int packedSection() {
        return packed == null ? -1 : packed.section();
    }

    /// Whether the words of a section that klink made are packed.
    boolean packsMade(int id) {
        return packed.packsMade(id);
    }

    /// `.relr.dyn`, when every range is done.
    byte[] packedEntries(long size) {
        int n = 0;
        for (LongList l : packedRanges) {
            n += l == null ? 0 : l.size();
        }
        if (n != packed.count()) {
            throw new IllegalStateException(n + " packed words hold addresses, " + packed.count() + " were promised");
        }
        var addresses = new long[n];
        n = 0;
        for (LongList l : packedRanges) {
            for (int i = 0; l != null && i < l.size(); i++) {
                addresses[n++] = l.get(i);
            }
        }
        return PackedWords.bytes(addresses, Math.toIntExact(size));
    }

    /// All entries, when every range is done.
    byte[] entries() {
        int n = 0;
        for (LongList l : ranges) {
            n += l == null ? 0 : l.size() / 2;
        }
        if (n != promised) {
            throw new IllegalStateException(n + " words hold addresses, " + promised + " were promised");
        }
        var bytes = java.util.Arrays.copyOf(tail, n * Elf.RELA_SIZE + tail.length);
        System.arraycopy(tail, 0, bytes, n * Elf.RELA_SIZE, tail.length);
        int at = 0;
        for (LongList l : ranges) {
            at = l == null ? at : write(l, bytes, at);
        }
        return bytes;
    }

    private int write(LongList l, byte[] bytes, int at) {
        var order = new int[l.size() / 2];
        for (int i = 0; i < order.length; i++) {
            order[i] = i;
        }
        IntSort.sort(order, (a, b) -> Long.compareUnsigned(l.get(2 * a), l.get(2 * b)));
        for (int i : order) {
            LE.put64(bytes, at, l.get(2 * i));
            LE.put64(bytes, at + 8, relative);
            LE.put64(bytes, at + 16, l.get(2 * i + 1));
            at += Elf.RELA_SIZE;
        }
        return at;
    }
}
