package klink.dynamic;

import java.util.Arrays;
import java.util.BitSet;
import klink.layout.Addresses;
import klink.mem.LE;
import klink.mem.LongList;

/// The words of a moving image that `.relr.dyn` tells of (gABI, "Relative Relocation Table"): an address, then bitmaps of the 63 words
/// behind it, and so on. 240,000 words of an arm64 kernel take 60 KB so, where RELATIVE entries take 5.7 MB; the words themselves hold what
/// is to be moved. A kernel has such a table with CONFIG_RELR.
///
/// How many entries it takes depends on the distances of the words, and what lies behind the table on how many. So the table only
/// ever grows, a bitmap of no words fills what is too much, and no word takes more than one entry: that ends.
public final class PackedWords {
    /// Bits of a bitmap that stand for words; the lowest says that it is one.
    private static final int BITS = 63;
    private static final long EMPTY = 1;

    private final LongList[] byFile;
    private final LongList made = new LongList();
    private final BitSet madeSections = new BitSet();
    private final int section;

    /// @param section id of the synthetic section that gets the table
    /// @param byFile  places in the objects, as [#place] writes them; null for a file without
    public PackedWords(int section, LongList[] byFile) {
        this.section = section;
        this.byFile = byFile;
    }

    /// An offset in a section.
    static long place(int section, long offset) {
        return (long) section << 32 | offset;
    }

    /// Whether the word can be packed: the table knows even addresses only, and ld.lld asks for an aligned section too.
    public static boolean packs(long alignment, long offset) {
        return alignment >= 2 && (offset & 1) == 0;
    }

    /// Adds the words of a section that klink makes.
    public void add(int id, int[] offsets) {
        madeSections.set(id);
        for (int o : offsets) {
            made.add(place(id, o));
        }
    }

    /// Whether a section that klink makes has words here: then all of them.
    public boolean packsMade(int id) {
        return madeSections.get(id);
    }

    /// Id of the section that gets the table.
    public int section() {
        return section;
    }

    /// Bytes that the table takes at these addresses.
    public long size(Addresses at) {
        int n = made.size();
        for (LongList l : byFile) {
            n += l == null ? 0 : l.size();
        }
        var addresses = new long[n];
        n = 0;
        for (int f = 0; f <= byFile.length; f++) {
            LongList l = f < byFile.length ? byFile[f] : made;
            int last = -1;
            long base = 0;
            for (int i = 0; l != null && i < l.size(); i++) {
                long place = l.get(i);
                int id = (int) (place >>> 32);
                base = id == last ? base : at.addressOfInput(id);
                last = id;
                addresses[n++] = base + (place & 0xffff_ffffL);
            }
        }
        return 8L * entries(addresses).size();
    }

    /// How many words there are.
    public long count() {
        long n = made.size();
        for (LongList l : byFile) {
            n += l == null ? 0 : l.size();
        }
        return n;
    }

    /// The table for words at these addresses, which it sorts.
    /// @param size bytes of the section
    public static byte[] bytes(long[] addresses, int size) {
        LongList entries = entries(addresses);
        if (8L * entries.size() > size) {
            throw new IllegalStateException(entries.size() + " entries in a table of " + size + " bytes");
        }
        var bytes = new byte[size];
        for (int i = 0; i < size / 8; i++) {
            LE.put64(bytes, 8 * i, i < entries.size() ? entries.get(i) : EMPTY);
        }
        return bytes;
    }

    private static LongList entries(long[] addresses) {
        Arrays.sort(addresses);
        var entries = new LongList();
        for (int i = 0; i < addresses.length; ) {
            entries.add(addresses[i]);
            long base = addresses[i++] + 8;
            for (long map = -1; map != 0; base += 8 * BITS) {
                map = 0;
                while (i < addresses.length && addresses[i] - base >= 0 && addresses[i] - base < 8 * BITS && (addresses[i] - base & 7) == 0) {
                    map |= 2L << (addresses[i++] - base >> 3);
                }
                if (map != 0) {
                    entries.add(map | 1);
                }
            }
        }
        return entries;
    }
}
