package klink.symvers;

/// Names of symbols as modpost sees them: it cuts `.DIGITS` off, with all that follows, where these stand before
/// another dot or the end (scripts/mod/modpost.c, `remove_dot`). `foo.12.constprop.0` is `foo` to it, `foo.constprop.0`
/// stays.
final class SymbolName {
    private SymbolName() {}

    /// Bytes of the name at `offset` of a string table, whose last byte is NUL, that are left.
    static int length(byte[] table, int offset) {
        int dot = offset;
        while (table[dot] != 0 && table[dot] != '.') {
            dot++;
        }
        int end = dot;
        if (table[dot] == '.' && dot > offset) {
            end++;
            while (table[end] >= '0' && table[end] <= '9') {
                end++;
            }
            if (end > dot + 1 && (table[end] == '.' || table[end] == 0)) {
                return dot - offset;
            }
        }
        while (table[end] != 0) {
            end++;
        }
        return end - offset;
    }

    /// Whether the name at `offset` starts with `prefix`.
    static boolean starts(byte[] table, int offset, byte[] prefix) {
        for (int i = 0; i < prefix.length; i++) {
            if (table[offset + i] != prefix[i]) { // the table ends with a NUL, which no prefix holds
                return false;
            }
        }
        return true;
    }

    static byte[] ascii(String s) {
        return s.getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    }
}
