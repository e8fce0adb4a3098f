package klink.image;

import klink.arch.Machine;
import klink.input.ObjectFile;
import klink.mem.IntSort;
import klink.mem.LE;
import klink.mem.LongList;
import klink.par.Par;
import klink.resolve.Symbols;

/// Turns the code of a big-endian image to little-endian (arm, `--be8`): what lies behind the mapping symbols `$a` and `$t` of the objects, up to the next
/// one (AAELF32, "Mapping symbols"). Data, behind `$d`, and what no mapping symbol covers stay as they are. A kernel has 90,000 such symbols.
final class CodeOrder {
    private final Symbols symbols;
    /// By file: section in the upper 32 bits, offset of a mapping symbol in the others, in that order; `letters` goes with it.
    private final long[][] places;
    private final byte[][] letters;

    private CodeOrder(Symbols symbols) {
        this.symbols = symbols;
        places = new long[symbols.fileCount()][];
        letters = new byte[symbols.fileCount()][];
    }

    /// Null where code stays as it is.
    static CodeOrder of(Symbols symbols, Machine machine, int threads) {
        if (!machine.turnsCode()) {
            return null;
        }
        var order = new CodeOrder(symbols);
        Par.loop(symbols.fileCount(), threads, (f, _) -> order.read(f));
        return order;
    }

    private void read(int f) {
        ObjectFile file = symbols.file(f);
        var found = new LongList();
        var kinds = new LongList();
        byte[] names = file.symbolNames();
        for (int i = 1; i < file.firstGlobal(); i++) {
            int at = file.symbolNameOffset(i);
            if (names[at] == '$' && file.symbolSection(i) > 0 && isMapping(names, at)) {
                found.add((long) file.symbolSection(i) << 32 | file.symbolValue(i) & 0xffff_ffffL);
                kinds.add(names[at + 1]);
            }
        }
        int[] order = new int[found.size()];
        for (int i = 0; i < order.length; i++) {
            order[i] = i;
        }
        IntSort.sort(order, (a, b) -> found.get(a) != found.get(b) ? Long.compare(found.get(a), found.get(b)) : Long.compare(kinds.get(a), kinds.get(b)));
        places[f] = new long[order.length];
        letters[f] = new byte[order.length];
        for (int i = 0; i < order.length; i++) {
            places[f][i] = found.get(order[i]);
            letters[f][i] = (byte) kinds.get(order[i]);
        }
    }

    private static boolean isMapping(byte[] names, int at) {
        byte kind = names[at + 1];
        return (kind == 'a' || kind == 't' || kind == 'd') && (names[at + 2] == 0 || names[at + 2] == '.');
    }

    /// Turns the code of a section.
    /// @param out holds its bytes at `to`
    void turn(int f, int ndx, byte[] out, int to, long size) {
        long[] in = places[f];
        int i = first(in, (long) ndx << 32);
        for (; i < in.length && in[i] >>> 32 == ndx; i++) {
            long from = in[i] & 0xffff_ffffL;
            long end = i + 1 < in.length && in[i + 1] >>> 32 == ndx ? Math.min(size, in[i + 1] & 0xffff_ffffL) : size;
            if (letters[f][i] == 'a') {
                for (long p = from; p + 4 <= end; p += 4) {
                    LE.put32(out, to + (int) p, Integer.reverseBytes(LE.i32(out, to + (int) p)));
                }
            } else if (letters[f][i] == 't') {
                for (long p = from; p + 2 <= end; p += 2) {
                    LE.put16(out, to + (int) p, Short.reverseBytes((short) LE.u16(out, to + (int) p)));
                }
            }
        }
    }

    private static int first(long[] in, long key) {
        int from = 0;
        int to = in.length;
        while (from < to) {
            int mid = from + to >>> 1;
            if (in[mid] < key) {
                from = mid + 1;
            } else {
                to = mid;
            }
        }
        return from;
    }
}
