package klink.script;

/// Where in a script something stands: the text it is in and a byte offset into that text. Every node
/// that can end up in a message carries one; a kernel's script makes a few thousand of them. Line and
/// column are counted only when a message is made.
///
/// @param source the script or included file
/// @param offset bytes from the start of it
public record Pos(Source source, int offset) {
    /// "vmlinux.lds:212".
    public String where() {
        return source.name() + ":" + line();
    }

    public int line() {
        return source.line(offset);
    }

    /// Counted in bytes, from 1.
    public int column() {
        return source.column(offset);
    }

    /// The source line, and beneath it a caret under this place; two lines, no newline at the end.
    public String caret() {
        return source.caret(offset);
    }

    @Override
    public String toString() {
        return where() + ":" + column();
    }
}
