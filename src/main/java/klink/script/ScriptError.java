package klink.script;

import klink.report.Finding;

/// A script that cannot be read: the one failure of this package that is thrown, since what follows
/// a syntax error means nothing.
public final class ScriptError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Pos pos;

    public ScriptError(String what, Pos pos) {
        super(what, null, false, false);
        this.pos = pos;
    }

    public Pos pos() {
        return pos;
    }

    /// The fact, the place, and the line with a caret.
    public Finding finding() {
        return at(Finding.error(getMessage()), pos);
    }

    /// Any finding about a place in a script, with the place and its line added.
    public static Finding at(Finding f, Pos pos) {
        Finding placed = f.at(pos.where());
        for (String line : pos.caret().split("\n", -1)) {
            placed = placed.at("  " + line);
        }
        return placed;
    }
}
