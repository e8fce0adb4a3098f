package klink.kernel;

import java.util.Arrays;

/// A small set of ASCII strings, matched byte by byte as exact names, beginnings or (read backwards)
/// endings. The kernel's lists make tries of under 400 nodes, 100 KB.
final class NameTrie {
    private static final int WIDTH = 128;

    /// `next[node * WIDTH + byte]`; 0 is the root, which no transition leads to: no match.
    private short[] next = new short[16 * WIDTH];
    private boolean[] ends = new boolean[16];
    private boolean[] openEnds = new boolean[16];
    private int nodes = 1;

    static byte[] ascii(String s) {
        var b = new byte[s.length()];
        for (int i = 0; i < b.length; i++) {
            char c = s.charAt(i);
            if (c >= WIDTH) {
                throw new IllegalArgumentException("not ASCII: " + s);
            }
            b[i] = (byte) c;
        }
        return b;
    }

    /// @param reversed the string is an ending, for [#matchesBackwards]
    /// @param open     more bytes may follow
    void add(String s, boolean reversed, boolean open) {
        byte[] b = ascii(s);
        int node = 0;
        for (int i = 0; i < b.length; i++) {
            int slot = node * WIDTH + b[reversed ? b.length - 1 - i : i];
            if (next[slot] == 0) {
                if (nodes == ends.length) {
                    next = Arrays.copyOf(next, next.length * 2);
                    ends = Arrays.copyOf(ends, nodes * 2);
                    openEnds = Arrays.copyOf(openEnds, nodes * 2);
                }
                next[slot] = (short) nodes++;
            }
            node = next[slot];
        }
        ends[node] = true;
        openEnds[node] |= open;
    }

    boolean matches(byte[] blob, int off, int len) {
        return walk(blob, off, off + len, 1);
    }

    boolean matchesBackwards(byte[] blob, int off, int len) {
        return walk(blob, off + len - 1, off - 1, -1);
    }

    private boolean walk(byte[] blob, int from, int to, int step) {
        int node = 0;
        for (int i = from; i != to; i += step) {
            int c = blob[i];
            if (c < 0) {
                return false;
            }
            node = next[node * WIDTH + c];
            if (node == 0) {
                return false;
            }
            if (openEnds[node]) {
                return true;
            }
        }
        return ends[node];
    }
}
