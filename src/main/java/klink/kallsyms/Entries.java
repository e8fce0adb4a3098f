package klink.kallsyms;

import java.util.Arrays;
import klink.kernel.Kernel;
import klink.kernel.NameRules;
import klink.report.Finding;
import klink.report.Report;

/// The entries of kallsyms: which symbols, with which letter, and what decides their order among
/// symbols of one address. Once [#sort] has run, entry k is the k-th by name.
final class Entries {
    private static final byte[] START = NameParts.ascii("__start_");
    private static final byte[] STOP = NameParts.ascii("__stop_");
    private static final byte[] LLVM = NameParts.ascii(".llvm.");

    private final int[] symbol;
    private final int[] start;
    private final int[] length;
    private final int[] tie;
    private final boolean[] percpu;
    private final int n;
    private int percpuCount;
    private final byte[] text;
    /// Symbols that the text ranges decided on, and the verdict, for checking it against addresses.
    private final int[] asked;
    private final boolean[] taken;

    private int[] seqsOrder;
    private boolean[] sameAsBefore;

    private Entries(NmList nm, int[] chosen, boolean[] absolute, int[] asked, boolean[] taken) {
        n = chosen.length;
        this.asked = asked;
        this.taken = taken;
        symbol = chosen;
        start = new int[n];
        length = new int[n];
        tie = new int[n];
        percpu = new boolean[n];
        text = new byte[Math.toIntExact(1 + 2L * n + nameBytes(nm, chosen, n))];
        int at = 1;
        for (int e = 0; e < n; e++) {
            at = put(e, at, nm, absolute);
        }
    }

    /// Copies letter and name of an entry; returns where the next begins. A method of its own, so that
    /// it is compiled after some hundred entries, not after 60,000 rounds of a loop; so is [Selection#keeps].
    private int put(int e, int at, NmList nm, boolean[] absolute) {
        int s = symbol[e];
        byte[] blob = nm.blobs[nm.blob[s]];
        int off = nm.off[s];
        int len = nm.len[s];
        boolean a = absolute != null && absolute[s];
        byte letter = a ? (byte) 'A' : nm.letter[s];
        percpu[e] = a;
        percpuCount += a ? 1 : 0;
        start[e] = at;
        length[e] = len + 1;
        tie[e] = NameParts.tie(letter, blob, off, len);
        text[at] = letter;
        System.arraycopy(blob, off, text, at + 1, len);
        return at + len + 2;
    }

    static Entries select(NmList nm, int[] listed, boolean[] inText, boolean[] inPercpu, Kallsyms.Options options, Kernel kernel,
                          Report report) {
        var selection = new Selection(nm, listed.length, options.all() ? null : inText, kernel, report);
        var chosen = new int[listed.length];
        int n = 0;
        for (int s : listed) {
            if (selection.keeps(s)) {
                chosen[n++] = s;
            }
        }
        if (n == 0) {
            report.error("kallsyms has no symbol to list");
        } else if (n > AddressSort.POSITION_MASK || nameBytes(nm, chosen, n) > Integer.MAX_VALUE / 4) {
            report.error("too many symbols for kallsyms: " + n + "; it numbers them with 24 bits");
            n = 0;
        }
        return new Entries(nm, Arrays.copyOf(chosen, n), options.absolutePercpu() ? inPercpu : null,
            Arrays.copyOf(selection.asked, selection.questions), selection.taken);
    }

    private static long nameBytes(NmList nm, int[] chosen, int n) {
        long bytes = 0;
        for (int e = 0; e < n; e++) {
            bytes += nm.len[chosen[e]];
        }
        return bytes;
    }

    /// Which of the symbols in System.map are entries.
    private static final class Selection {
        private final NmList nm;
        private final boolean[] inText;
        private final Kernel kernel;
        private final NameRules rules;
        private final Report report;
        private final int[] asked;
        private final boolean[] taken;
        private int questions;

        Selection(NmList nm, int symbols, boolean[] inText, Kernel kernel, Report report) {
            this.nm = nm;
            this.inText = inText;
            this.kernel = kernel;
            this.report = report;
            rules = kernel.kallsyms();
            asked = new int[inText == null ? 0 : symbols];
            taken = new boolean[asked.length];
        }

        boolean keeps(int s) {
            byte[] blob = nm.blobs[nm.blob[s]];
            int off = nm.off[s];
            int len = nm.len[s];
            byte letter = nm.letter[s];
            // nm prints no address for an undefined weak object, so kallsyms.c does not take the line
            if (letter == 'v' || len == 0 || rules.drops(letter, blob, off, len)) {
                return false;
            }
            if (len > kernel.maxName()) {
                report.add(Finding.warning("symbol name too long for kallsyms: " + len + " bytes, at most " + kernel.maxName()
                    + " are listed").at(nm.name(s)).ordered(s));
                return false;
            }
            if (inText == null || (kernel.keepsStartStop() && isStartStop(blob, off, len))) {
                return true;
            }
            asked[questions] = s;
            taken[questions++] = inText[s];
            return inText[s];
        }
    }

    private static boolean isStartStop(byte[] blob, int off, int len) {
        return NameParts.startsWith(blob, off, len, START) || NameParts.startsWith(blob, off, len, STOP);
    }

    /// Puts entries in the order of names; equal names stay in the order of the symbol table.
    ///
    /// @param cut kallsyms_seqs_of_names takes names without `.llvm.` and what follows
    void sort(boolean cut) {
        var name = new int[n];
        for (int e = 0; e < n; e++) {
            name[e] = start[e] + 1;
        }
        int[] order = NameSort.order(text, name, n);
        permute(symbol, order);
        permute(start, order);
        permute(length, order);
        permute(tie, order);
        boolean[] p = percpu.clone();
        for (int k = 0; k < n; k++) {
            percpu[k] = p[order[k]];
        }
        seqsOrder(cut);
    }

    private void permute(int[] a, int[] order) {
        int[] old = a.clone();
        for (int k = 0; k < n; k++) {
            a[k] = old[order[k]];
        }
    }

    /// Full and cut names are not in the same order where a name continues with a byte below `.`.
    private void seqsOrder(boolean cut) {
        var nameLength = new int[n];
        boolean any = false;
        for (int k = 0; k < n; k++) {
            nameLength[k] = length[k] - 1;
            if (cut) {
                int at = NameParts.indexOf(text, start[k] + 1, nameLength[k], LLVM);
                any |= at >= 0;
                nameLength[k] = at >= 0 ? at : nameLength[k];
            }
        }
        seqsOrder = new int[n];
        if (any) {
            byte[] cutText = text.clone();
            var name = new int[n];
            for (int k = 0; k < n; k++) {
                name[k] = start[k] + 1;
                cutText[name[k] + nameLength[k]] = 0;
            }
            seqsOrder = NameSort.order(cutText, name, n);
        } else {
            for (int k = 0; k < n; k++) {
                seqsOrder[k] = k;
            }
        }
        sameAsBefore = new boolean[n];
        for (int i = 1; i < n; i++) {
            int k = seqsOrder[i];
            int b = seqsOrder[i - 1];
            sameAsBefore[i] = nameLength[k] == nameLength[b] && sameBytes(start[k] + 1, start[b] + 1, nameLength[k]);
        }
    }

    /// Compares from the end, where neighbours in the order of names differ.
    private boolean sameBytes(int a, int b, int len) {
        for (int i = len - 1; i >= 0; i--) {
            if (text[a + i] != text[b + i]) {
                return false;
            }
        }
        return true;
    }

    int count() {
        return n;
    }

    int percpuCount() {
        return percpuCount;
    }

    /// Index in the [NmList].
    int symbol(int k) {
        return symbol[k];
    }

    /// Where the entry's string, letter and name, begins in [#text].
    int start(int k) {
        return start[k];
    }

    /// Bytes of the string.
    int length(int k) {
        return length[k];
    }

    /// Of several symbols at one address, the lower goes first.
    int tie(int k) {
        return tie[k];
    }

    boolean percpu(int k) {
        return percpu[k];
    }

    /// All strings: a 0, then each with a 0 behind it.
    byte[] text() {
        return text;
    }

    /// Bytes of all strings, without separators.
    int textBytes() {
        return text.length - 1 - n;
    }

    /// The i-th entry in the order of kallsyms_seqs_of_names.
    int inSeqsOrder(int i) {
        return seqsOrder[i];
    }

    /// Whether the i-th in that order has the name of the one before.
    boolean sameAsBefore(int i) {
        return sameAsBefore[i];
    }

    int[] asked() {
        return asked;
    }

    boolean taken(int question) {
        return taken[question];
    }
}
