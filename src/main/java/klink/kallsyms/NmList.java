package klink.kallsyms;

import java.util.Arrays;
import klink.kernel.NameRules;

/// What nm would list of the output: the symbols of its symbol table, in that order, less section and
/// file symbols. 130,000 in an x86 kernel with KALLSYMS_ALL; names and letters are known before any
/// address is.
///
/// Names stay where the linker has them, in a few large byte arrays. The arrays are public: the linker
/// fills disjoint ranges from several threads, then sets the count.
public final class NmList {
    /// The byte arrays that hold names.
    public final byte[][] blobs;
    /// Per symbol: index into [#blobs], and the name's place in it.
    public final int[] blob;
    public final int[] off;
    public final int[] len;
    /// Per symbol: [NmLetter].
    public final byte[] letter;
    private int count;

    public NmList(byte[][] blobs, int capacity) {
        this.blobs = blobs;
        blob = new int[capacity];
        off = new int[capacity];
        len = new int[capacity];
        letter = new byte[capacity];
    }

    /// The same symbols with room for more, whose names are in one more blob, the last.
    public NmList plus(byte[] names, int more) {
        byte[][] all = Arrays.copyOf(blobs, blobs.length + 1);
        all[blobs.length] = names;
        var list = new NmList(all, count + more);
        System.arraycopy(blob, 0, list.blob, 0, count);
        System.arraycopy(off, 0, list.off, 0, count);
        System.arraycopy(len, 0, list.len, 0, count);
        System.arraycopy(letter, 0, list.letter, 0, count);
        list.count = count;
        return list;
    }

    public int count() {
        return count;
    }

    /// To be called after the arrays were filled directly.
    public void count(int n) {
        count = n;
    }

    /// Appends a symbol; returns its index.
    public int add(int blobIndex, int offset, int length, byte nmLetter) {
        int i = count++;
        set(i, blobIndex, offset, length, nmLetter);
        return i;
    }

    public void set(int i, int blobIndex, int offset, int length, byte nmLetter) {
        blob[i] = blobIndex;
        off[i] = offset;
        len[i] = length;
        letter[i] = nmLetter;
    }

    /// The symbols that the rules keep, ascending. With the rules of mksysmap these are the lines of
    /// System.map, and what kallsyms starts from.
    public int[] keptBy(NameRules rules) {
        var kept = new int[count];
        int n = 0;
        for (int i = 0; i < count; i++) {
            if (!rules.drops(letter[i], blobs[blob[i]], off[i], len[i])) {
                kept[n++] = i;
            }
        }
        return Arrays.copyOf(kept, n);
    }

    /// strcmp of two names, as nm compares them in the C locale.
    public int compareNames(int a, int b) {
        return Arrays.compareUnsigned(blobs[blob[a]], off[a], off[a] + len[a], blobs[blob[b]], off[b], off[b] + len[b]);
    }

    /// A name as text, for messages.
    public String name(int i) {
        return new String(blobs[blob[i]], off[i], len[i], java.nio.charset.StandardCharsets.UTF_8);
    }
}
