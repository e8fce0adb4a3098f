package klink.kallsyms;

import java.util.Arrays;
import java.util.EnumMap;
import klink.kernel.KallsymsTable;
import klink.mem.Endian;
import klink.report.Finding;
import klink.report.Report;

/// Writes the tables of kallsyms once addresses are known: brings the entries into the order of
/// addresses and copies what [Kallsyms#names] prepared.
final class Writer {
    private final Entries entries;
    private final Tokens tokens;
    private final byte[] tokenTable;
    private final int[] tokenOffset;
    private final Kallsyms.Options options;
    private final EnumMap<KallsymsTable, Integer> place;
    private final byte[] out;
    private final Endian endian;
    private final int n;

    /// Address of entry k, and the entries by address.
    private final long[] address;
    private int[] order;
    private int[] relocations = new int[0];

    Writer(Entries entries, Tokens tokens, byte[] tokenTable, int[] tokenOffset, Kallsyms.Options options,
           EnumMap<KallsymsTable, Integer> place, int size, Endian endian) {
        this.endian = endian;
        this.entries = entries;
        this.tokens = tokens;
        this.tokenTable = tokenTable;
        this.tokenOffset = tokenOffset;
        this.options = options;
        this.place = place;
        n = entries.count();
        out = new byte[size];
        address = new long[n];
    }

    Kallsyms.Filled write(long[] symbolAddress, Kallsyms.Bounds bounds, Report report) {
        checkText(symbolAddress, bounds, report);
        for (int k = 0; k < n; k++) {
            address[k] = symbolAddress[entries.symbol(k)];
        }
        if (options.absolutePercpu()) {
            checkPercpu(bounds, report);
        }
        order = AddressSort.order(address, n);
        settleTies();
        long base = lowestBase();
        if (options.baseRelative()) {
            offsets(base, report);
            int at = place.get(KallsymsTable.RELATIVE_BASE);
            word(at, base);
            relocations = new int[] {at};
        } else {
            addresses();
        }
        endian.put32(out, place.get(KallsymsTable.NUM_SYMS), n);
        names();
        seqsOfNames();
        System.arraycopy(tokenTable, 0, out, place.get(KallsymsTable.TOKEN_TABLE), tokenTable.length);
        int index = place.get(KallsymsTable.TOKEN_INDEX);
        for (int c = 0; c < 256; c++) {
            endian.put16(out, index + 2 * c, tokenOffset[c]);
        }
        return new Kallsyms.Filled(out, relocations, options.baseRelative() ? base : 0);
    }

    /// Entries started in the order of names, which is nm's order at one address; the kernel's own
    /// preferences come first. Stable, and quadratic only in the few hundred weak aliases of one
    /// stub function (kernel/sys_ni.c).
    private void settleTies() {
        for (int from = 0; from < n; ) {
            long a = address[order[from]];
            int to = from + 1;
            while (to < n && address[order[to]] == a) {
                int k = order[to];
                int tie = entries.tie(k);
                int i = to++;
                while (i > from && entries.tie(order[i - 1]) > tie) {
                    order[i] = order[i - 1];
                    i--;
                }
                order[i] = k;
            }
            from = to;
        }
    }

    /// The lowest address that is not percpu.
    private long lowestBase() {
        for (int k : order) {
            if (!entries.percpu(k)) {
                return address[k];
            }
        }
        return 0;
    }

    private void offsets(long base, Report report) {
        int at = place.get(KallsymsTable.OFFSETS);
        for (int i = 0; i < n; i++) {
            offset(at + 4 * i, order[i], base, report);
        }
    }

    private void offset(int at, int k, long base, Report report) {
        long a = address[k];
        boolean fits;
        long offset;
        if (!options.absolutePercpu()) {
            offset = a - base;
            fits = offset >>> 32 == 0;
        } else if (entries.percpu(k)) {
            offset = a;
            fits = offset >= 0 && offset <= Integer.MAX_VALUE;
        } else {
            offset = base - a - 1;
            fits = offset >= Integer.MIN_VALUE && offset < 0;
        }
        if (!fits) {
            report.add(Finding.error("symbol value out of range of kallsyms: 0x" + Long.toHexString(a) + ", base 0x"
                + Long.toHexString(base)).at("symbol " + name(k)).ordered(at));
        }
        endian.put32(out, at, (int) offset);
    }

    private void addresses() {
        int at = place.get(KallsymsTable.ADDRESSES);
        relocations = new int[n];
        int count = 0;
        for (int i = 0; i < n; i++) {
            int place = at + options.wordSize() * i;
            word(place, address[order[i]]);
            if (!entries.percpu(order[i])) {
                relocations[count++] = place;
            }
        }
        relocations = Arrays.copyOf(relocations, count);
    }

    private void word(int at, long value) {
        if (options.wordSize() == 8) {
            endian.put64(out, at, value);
        } else {
            endian.put32(out, at, (int) value);
        }
    }

    private void names() {
        int first = place.get(KallsymsTable.NAMES);
        int markers = place.get(KallsymsTable.MARKERS);
        int at = first;
        for (int i = 0; i < n; i++) {
            if ((i & 0xff) == 0) {
                endian.put32(out, markers + (i >>> 8) * 4, at - first);
            }
            at = name(order[i], at);
        }
    }

    /// Writes length and codes of an entry; returns their end.
    private int name(int k, int at) {
        int start = entries.start(k);
        int length = entries.length(k);
        int prefix = length <= 0x7f || tokens.encodedLength(start, length) <= 0x7f ? 1 : 2;
        int end = tokens.encode(start, length, out, at + prefix);
        int codes = end - at - prefix;
        if (prefix == 1) {
            out[at] = (byte) codes;
        } else {
            out[at] = (byte) (codes & 0x7f | 0x80);
            out[at + 1] = (byte) (codes >>> 7);
        }
        return end;
    }

    /// Equal names go by address, then number: that is by number, which rises with the address.
    private void seqsOfNames() {
        var seq = new int[n];
        for (int i = 0; i < n; i++) {
            seq[order[i]] = i;
        }
        var seqs = new int[n];
        for (int from = 0; from < n; ) {
            int to = from;
            do {
                seqs[to] = seq[entries.inSeqsOrder(to)];
                to++;
            } while (to < n && entries.sameAsBefore(to));
            if (to - from > 1) {
                Arrays.sort(seqs, from, to);
            }
            from = to;
        }
        int at = place.get(KallsymsTable.SEQS_OF_NAMES);
        for (int s : seqs) {
            out[at++] = (byte) (s >>> 16);
            out[at++] = (byte) (s >>> 8);
            out[at++] = (byte) s;
        }
    }

    /// The selection was made by section before addresses existed; the kernel's is by address. They agree
    /// unless layout put a symbol on the wrong side of a boundary.
    private void checkText(long[] symbolAddress, Kallsyms.Bounds b, Report report) {
        int[] asked = entries.asked();
        for (int q = 0; q < asked.length; q++) {
            long a = symbolAddress[asked[q]];
            if (entries.taken(q) ? !b.inText(a) : b.inText(a) && a != b.etext() && a != b.einittext()) {
                report.add(Finding.error("internal error: kallsyms selected by section what its address denies: symbol " + asked[q]
                    + " of the output at 0x" + Long.toHexString(a)).ordered(q));
                return;
            }
        }
    }

    private void checkPercpu(Kallsyms.Bounds b, Report report) {
        for (int k = 0; k < n; k++) {
            if (entries.percpu(k) != b.inPercpu(address[k])) {
                report.add(Finding.error("internal error: kallsyms took a symbol for percpu, or not, against its address 0x"
                    + Long.toHexString(address[k])).at("symbol " + name(k)).ordered(k));
                return;
            }
        }
    }

    private String name(int k) {
        return new String(entries.text(), entries.start(k) + 1, entries.length(k) - 1, java.nio.charset.StandardCharsets.UTF_8);
    }
}
