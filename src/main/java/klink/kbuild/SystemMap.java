package klink.kbuild;

import klink.kallsyms.AddressSort;
import klink.kallsyms.NmList;

/// System.map: what `nm -n vmlinux | scripts/mksysmap` prints, a line `ADDRESS LETTER NAME` per symbol
/// in the order of addresses. 100,920 lines, 4.3 MB for an x86 kernel with KALLSYMS_ALL. Packages
/// install it; depmod, the kernel's own 6.1 sorttable and people read it.
public final class SystemMap {
    private static final byte[] HEX = {'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'};

    private SystemMap() {}

    /// The whole file.
    ///
    /// @param listed   the symbols to list: `nm.keptBy(kernel.systemMap())`
    /// @param address  per symbol of `nm`: its final value, without a Thumb bit
    /// @param wordSize bytes of an address, 4 or 8
    public static byte[] bytes(NmList nm, int[] listed, long[] address, int wordSize) {
        int[] order = order(nm, listed, address);
        long size = 0;
        int digits = 2 * wordSize;
        for (int s : order) {
            size += digits + nm.len[s] + 4;
        }
        var out = new byte[Math.toIntExact(size)];
        int at = 0;
        for (int s : order) {
            byte letter = nm.letter[s];
            if (isUndefined(letter)) {
                for (int i = 0; i < digits; i++) {
                    out[at++] = ' ';
                }
            } else {
                long a = address[s];
                for (int shift = 4 * digits - 4; shift >= 0; shift -= 4) {
                    out[at++] = HEX[(int) (a >>> shift) & 0xf];
                }
            }
            out[at++] = ' ';
            out[at++] = letter;
            out[at++] = ' ';
            System.arraycopy(nm.blobs[nm.blob[s]], nm.off[s], out, at, nm.len[s]);
            at += nm.len[s];
            out[at++] = '\n';
        }
        return out;
    }

    /// The symbols in nm's order: undefined ones, then by address; within each by name (LC_COLLATE=C), then as in the
    /// symbol table.
    public static int[] order(NmList nm, int[] listed, long[] address) {
        int n = listed.length;
        var order = new int[n];
        var values = new long[n];
        int undefined = 0;
        for (int s : listed) {
            if (isUndefined(nm.letter[s])) {
                order[undefined++] = s;
            }
        }
        int defined = undefined;
        for (int s : listed) {
            if (!isUndefined(nm.letter[s])) {
                order[defined++] = s;
            }
        }
        for (int i = undefined; i < n; i++) {
            values[i - undefined] = address[order[i]];
        }
        int[] byAddress = AddressSort.order(values, n - undefined);
        for (int i = 0; i < byAddress.length; i++) {
            byAddress[i] = order[undefined + byAddress[i]];
        }
        System.arraycopy(byAddress, 0, order, undefined, byAddress.length);
        byName(nm, order, 0, undefined);
        for (int from = undefined; from < n; ) {
            int to = from + 1;
            while (to < n && address[order[to]] == address[order[from]]) {
                to++;
            }
            byName(nm, order, from, to);
            from = to;
        }
        return order;
    }

    /// Stable binary insertion: nearly always two or three symbols, at times some hundred.
    private static void byName(NmList nm, int[] order, int from, int to) {
        for (int i = from + 1; i < to; i++) {
            int s = order[i];
            int low = from;
            int high = i;
            while (low < high) {
                int mid = low + high >>> 1;
                if (nm.compareNames(order[mid], s) <= 0) {
                    low = mid + 1;
                } else {
                    high = mid;
                }
            }
            System.arraycopy(order, low, order, low + 1, i - low);
            order[low] = s;
        }
    }

    private static boolean isUndefined(byte letter) {
        return letter == 'U' || letter == 'w' || letter == 'v';
    }
}
