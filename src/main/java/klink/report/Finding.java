package klink.report;

import java.util.ArrayList;
import java.util.List;

/// One thing worth telling: what, where, why, what to do. A record until the very end; text, JSON
/// and SARIF are made from it last.
///
/// @param severity how bad
/// @param what     the fact, one line, no prefix
/// @param where    the `>>>` lines that follow it, in order: places, references, reasons, hints
/// @param order    sort key among findings of one report: input position, so that the order of
///                 messages does not depend on threads
public record Finding(Severity severity, String what, List<String> where, long order) {
    public enum Severity { ERROR, WARNING, NOTE }

    public Finding {
        where = List.copyOf(where);
    }

    public static Finding error(String what) {
        return new Finding(Severity.ERROR, what, List.of(), Long.MAX_VALUE);
    }

    public static Finding warning(String what) {
        return new Finding(Severity.WARNING, what, List.of(), Long.MAX_VALUE);
    }

    public static Finding note(String what) {
        return new Finding(Severity.NOTE, what, List.of(), Long.MAX_VALUE);
    }

    /// The same finding with one more `>>>` line.
    public Finding at(String line) {
        var lines = new ArrayList<>(where);
        lines.add(line);
        return new Finding(severity, what, lines, order);
    }

    /// The same finding with its sort key: (file order, section index, offset) packed by the caller.
    public Finding ordered(long key) {
        return new Finding(severity, what, where, key);
    }

    /// As printed on a terminal or into a log: `klink: error: what`, then `>>> ` lines.
    public String text() {
        var sb = new StringBuilder("klink: ");
        switch (severity) {
            case ERROR -> sb.append("error: ");
            case WARNING -> sb.append("warning: ");
            case NOTE -> sb.append("note: ");
        }
        sb.append(what);
        for (String line : where) {
            sb.append("\n>>> ").append(line);
        }
        return sb.toString();
    }
}
