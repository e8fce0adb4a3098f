package klink.kallsyms;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import klink.mem.IntList;

/// What 6.1's scripts/kallsyms makes of symbols without a name, as GNU ld's patches for Cortex-A8 erratum 657417 are. It reads words, wherever
/// lines end (`read_symbol`: `fscanf("%llx %c %s")`), so it takes the next line's address for the name, and of what is left of that line sees no symbol, or where its
/// letter is a hexadecimal digit, one at that address. 6.12 reads lines.
///
/// Such a name depends on an address, but is as long whatever it is. It is told from an early layout, and again should the final one differ.
public final class WordReader {
    private final NmList nm;
    private final int[] listed;
    /// Of the symbols behind the given ones: the symbol whose address they have, or `-1 - address`.
    private final IntList sources;

    private WordReader(NmList nm, int[] listed, IntList sources) {
        this.nm = nm;
        this.listed = listed;
        this.sources = sources;
    }

    /// @param order  the symbols of System.map, as they stand there
    /// @param digits of an address
    public static WordReader of(NmList nm, int[] order, long[] address, int digits) {
        var dropped = new BitSet();
        var names = new ByteArrayOutputStream();
        var added = new IntList(); // offset, length, letter, source
        for (int i = 0; i < order.length; i++) {
            if (nm.len[order[i]] > 0) {
                continue;
            }
            dropped.set(order[i]);
            if (i + 1 == order.length) {
                break;
            }
            int next = order[i + 1];
            dropped.set(next);
            String hex = Long.toHexString(address[next]);
            add(added, names, "0".repeat(digits - hex.length()) + hex, nm.letter[order[i]], order[i]);
            int digit = Character.digit(nm.letter[next], 16);
            if (digit >= 0 && nm.len[next] > 1) {
                add(added, names, nm.name(next).substring(1), (byte) nm.name(next).charAt(0), -1 - digit);
            }
            i++;
        }
        NmList more = nm.plus(names.toByteArray(), added.size() / 4);
        var listed = new int[order.length + added.size() / 4];
        int n = 0;
        for (int s : order) {
            if (!dropped.get(s)) {
                listed[n++] = s;
            }
        }
        Arrays.sort(listed, 0, n);
        var sources = new IntList();
        for (int i = 0; i < added.size(); i += 4) {
            listed[n++] = more.add(more.blobs.length - 1, added.get(i), added.get(i + 1), (byte) added.get(i + 2));
            sources.add(added.get(i + 3));
        }
        return new WordReader(more, Arrays.copyOf(listed, n), sources);
    }

    private static void add(IntList added, ByteArrayOutputStream names, String name, byte letter, int source) {
        added.add(names.size());
        names.writeBytes(name.getBytes(StandardCharsets.ISO_8859_1));
        added.add(name.length());
        added.add(letter);
        added.add(source);
    }

    /// The given symbols and those that it makes up.
    public NmList nm() {
        return nm;
    }

    /// Those that it sees, ascending.
    public int[] listed() {
        return listed;
    }

    /// The addresses of all of [#nm].
    /// @param given those of the given symbols
    public long[] addresses(long[] given) {
        long[] all = Arrays.copyOf(given, given.length + sources.size());
        for (int i = 0; i < sources.size(); i++) {
            int source = sources.get(i);
            all[given.length + i] = source < 0 ? -1 - source : given[source];
        }
        return all;
    }

    /// Whether the same symbols are seen, by the same names.
    public boolean isAs(WordReader o) {
        if (!Arrays.equals(listed, o.listed) || sources.size() != o.sources.size()) {
            return false;
        }
        return Arrays.equals(nm.blobs[nm.blobs.length - 1], o.nm.blobs[o.nm.blobs.length - 1]);
    }
}
