package klink.kallsyms;

/// What scripts/kallsyms.c reads out of a single name.
final class NameParts {
    private static final byte[] UNDERSCORES = ascii("__");
    private static final byte[] START_ = ascii("__start_");
    private static final byte[] STOP_ = ascii("__stop_");
    private static final byte[] END_ = ascii("__end_");
    private static final byte[] START = ascii("_start");
    private static final byte[] END = ascii("_end");

    private NameParts() {}

    static byte[] ascii(String s) {
        return s.getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    }

    /// The rank of a symbol among others at its address (`compare_symbols`): weak ones last, names that
    /// look like a linker script's next to last, then by leading underscores, fewest first. Packed into
    /// one number; what is still equal goes by nm's order.
    static int tie(byte letter, byte[] blob, int off, int len) {
        int underscores = 0;
        while (underscores < len && blob[off + underscores] == '_') {
            underscores++;
        }
        boolean weak = letter == 'w' || letter == 'W';
        boolean script = underscores >= 2 && len >= 8 && isScriptName(blob, off, len);
        return (weak ? 1 << 17 : 0) | (script ? 1 << 16 : 0) | Math.min(underscores, 0xffff);
    }

    private static boolean isScriptName(byte[] blob, int off, int len) {
        return startsWith(blob, off, len, UNDERSCORES)
            && (startsWith(blob, off, len, START_) || startsWith(blob, off, len, STOP_) || startsWith(blob, off, len, END_)
                || endsWith(blob, off, len, START) || endsWith(blob, off, len, END));
    }

    static boolean startsWith(byte[] blob, int off, int len, byte[] s) {
        if (len < s.length) {
            return false;
        }
        for (int i = 0; i < s.length; i++) {
            if (blob[off + i] != s[i]) {
                return false;
            }
        }
        return true;
    }

    private static boolean endsWith(byte[] blob, int off, int len, byte[] s) {
        return len >= s.length && startsWith(blob, off + len - s.length, s.length, s);
    }

    /// Where `s` first occurs, from `off`; -1 if it does not.
    static int indexOf(byte[] blob, int off, int len, byte[] s) {
        for (int i = 0; i + s.length <= len; i++) {
            if (blob[off + i] == s[0] && startsWith(blob, off + i, len - i, s)) {
                return i;
            }
        }
        return -1;
    }
}
