package klink.script;

import java.nio.charset.StandardCharsets;

/// The text of one script file, one `char` a byte (ISO 8859-1), so that an offset is a file offset and
/// a section name in another encoding meets the bytes of the object's string table unchanged.
public final class Source {
    private final String name;
    private final String text;
    private final byte[] bytes;

    /// @param name as messages show it; a kernel build passes `arch/x86/kernel/vmlinux.lds`
    public Source(String name, byte[] bytes) {
        this.name = name;
        this.bytes = bytes;
        this.text = new String(bytes, StandardCharsets.ISO_8859_1);
    }

    public String name() {
        return name;
    }

    public String text() {
        return text;
    }

    /// Not to be changed.
    byte[] bytes() {
        return bytes;
    }

    int line(int offset) {
        int line = 1;
        int end = Math.min(offset, text.length());
        for (int i = text.indexOf('\n'); i >= 0 && i < end; i = text.indexOf('\n', i + 1)) {
            line++;
        }
        return line;
    }

    int column(int offset) {
        return Math.min(offset, text.length()) - lineStart(offset) + 1;
    }

    String caret(int offset) {
        int start = lineStart(offset);
        int end = text.indexOf('\n', start);
        if (end < 0) {
            end = text.length();
        }
        int at = Math.min(offset, end);
        // RO_DATA expands to one line of some 5,000 bytes; a message shows the part around the place.
        int from = at - start > 90 ? at - 70 : start;
        int to = Math.min(end, from + 110);
        var sb = new StringBuilder();
        sb.append(from > start ? "..." : "").append(text, from, to).append(to < end ? "..." : "").append('\n');
        sb.append(from > start ? "   " : "");
        for (int i = from; i < at; i++) {
            sb.append(text.charAt(i) == '\t' ? '\t' : ' ');
        }
        return sb.append('^').toString();
    }

    private int lineStart(int offset) {
        return offset <= 0 ? 0 : text.lastIndexOf('\n', Math.min(offset, text.length()) - 1) + 1;
    }

    @Override
    public String toString() {
        return name;
    }
}
