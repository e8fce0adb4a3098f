package klink.report;

import java.util.ArrayList;
import java.util.List;

/// One thing worth telling: what, where, why, what to do. A record until the very end; text, JSON
/// and SARIF are made from it last.
///
/// @param severity how bad
/// @param lead     what stands before it: `klink: error: `, or another tool's words where people look for those
/// @param what     the fact, one line, no prefix
/// @param where    the `>>>` lines that follow it, in order: places, references, reasons, hints
/// @param order    sort key among findings of one report: input position, so that the order of
///                 messages does not depend on threads
public record Finding(Severity severity, String lead, String what, List<String> where, long order) {
    public enum Severity { ERROR, WARNING, NOTE }

    public Finding {
        where = List.copyOf(where);
    }

    public static Finding error(String what) {
        return of(Severity.ERROR, "klink: error: ", what);
    }

    public static Finding warning(String what) {
        return of(Severity.WARNING, "klink: warning: ", what);
    }

    public static Finding note(String what) {
        return of(Severity.NOTE, "klink: note: ", what);
    }

    /// A finding in the words of another tool, of which people's scripts look for the first.
    public static Finding of(Severity severity, String lead, String what) {
        return new Finding(severity, lead, what, List.of(), Long.MAX_VALUE);
    }

    /// The same finding with one more `>>>` line.
    public Finding at(String line) {
        var lines = new ArrayList<>(where);
        lines.add(line);
        return new Finding(severity, lead, what, lines, order);
    }

    /// The same finding with its sort key: (file order, section index, offset) packed by the caller.
    public Finding ordered(long key) {
        return new Finding(severity, lead, what, where, key);
    }

    /// As printed on a terminal or into a log: `klink: error: what`, then `>>> ` lines.
    public String text() {
        var sb = new StringBuilder(lead);
        sb.append(what);
        for (String line : where) {
            sb.append("\n>>> ").append(line);
        }
        return sb.toString();
    }
}
