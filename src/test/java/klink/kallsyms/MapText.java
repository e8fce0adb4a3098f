package klink.kallsyms;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// A list in nm's format, `ADDRESS LETTER NAME` with 16 digits or blanks, as an [NmList] and addresses.
public final class MapText {
    private static final int DIGITS = 16;

    public final NmList nm;
    public final long[] address;

    public MapText(byte[] text) {
        int lines = 0;
        for (byte b : text) {
            lines += b == '\n' ? 1 : 0;
        }
        nm = new NmList(new byte[][] {text}, lines);
        address = new long[lines];
        for (int at = 0; at < text.length; ) {
            int end = at;
            while (text[end] != '\n') {
                end++;
            }
            String hex = new String(text, at, DIGITS, StandardCharsets.ISO_8859_1).strip();
            int i = nm.add(0, at + DIGITS + 3, end - at - DIGITS - 3, text[at + DIGITS + 1]);
            address[i] = hex.isEmpty() ? 0 : Long.parseUnsignedLong(hex, 16);
            at = end + 1;
        }
    }

    /// The value of the last symbol of a name, or the given one.
    long valueOf(String name, long otherwise) {
        byte[] b = name.getBytes(StandardCharsets.ISO_8859_1);
        for (int i = nm.count() - 1; i >= 0; i--) {
            if (Arrays.equals(b, 0, b.length, nm.blobs[0], nm.off[i], nm.off[i] + nm.len[i])) {
                return address[i];
            }
        }
        return otherwise;
    }

    /// The ranges as scripts/kallsyms.c finds them.
    Kallsyms.Bounds bounds() {
        return new Kallsyms.Bounds(valueOf("_text", 0), valueOf("_stext", 0), valueOf("_etext", 0), valueOf("_sinittext", 0),
            valueOf("_einittext", 0), valueOf("__per_cpu_start", -1), valueOf("__per_cpu_end", 0));
    }

    boolean[] inPercpu(Kallsyms.Bounds b) {
        var in = new boolean[nm.count()];
        for (int i = 0; i < in.length; i++) {
            in[i] = b.inPercpu(address[i]);
        }
        return in;
    }

    /// In the text ranges, but not exactly at the end of one under another name.
    boolean[] inText(Kallsyms.Bounds b) {
        var in = new boolean[nm.count()];
        for (int i = 0; i < in.length; i++) {
            String name = nm.name(i);
            in[i] = b.inText(address[i]) && (address[i] != b.etext() || name.equals("_etext"))
                && (address[i] != b.einittext() || name.equals("_einittext"));
        }
        return in;
    }
}
