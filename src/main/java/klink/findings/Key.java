package klink.findings;

import klink.check.Violation;

/// What makes a finding the same one in the next build: rule, object, and the names at both ends. Not offsets, lines
/// and addresses, which every change moves, and not the counters that compilers put into names.
final class Key {
    private Key() {}

    /// `TEXT_TO_ANY_INIT drivers/foo.o probe (.text) -> setup (.init.text)`.
    static String of(Violation v, Place from, Place to) {
        if (from == null && to == null) {
            return v.rule() + " " + firstLine(v.message());
        }
        var sb = new StringBuilder(v.rule());
        if (from != null) {
            sb.append(' ').append(from.object()).append(' ').append(named(from));
        }
        if (to != null) {
            sb.append(" -> ").append(named(to));
        }
        return sb.toString();
    }

    private static String firstLine(String text) {
        int end = text.indexOf('\n');
        return end < 0 ? text : text.substring(0, end);
    }

    private static String named(Place p) {
        return stable(p.symbol()) + " (" + p.end().sectionName() + ")";
    }

    /// The name without counters: `f.constprop.0` is `f.constprop`, a static variable `calls.12` is `calls`, a compiler's
    /// label `.LC12` is `.LC`, and `__UNIQUE_ID_x123` ends in `__COUNTER__`. `?` for no name.
    static String stable(String name) {
        if (name.isEmpty()) {
            return "?";
        }
        if (name.startsWith(".L") || name.startsWith("__UNIQUE_ID_")) {
            int end = name.length();
            while (end > 0 && isDigit(name.charAt(end - 1))) {
                end--;
            }
            return name.substring(0, end);
        }
        var sb = new StringBuilder(name.length());
        for (int at = 0; at < name.length(); ) {
            int dot = name.indexOf('.', at + 1);
            int end = dot < 0 ? name.length() : dot;
            if (at == 0 || !isNumber(name, at + 1, end)) {
                sb.append(name, at, end);
            }
            at = end;
        }
        return sb.toString();
    }

    private static boolean isNumber(String s, int from, int to) {
        for (int i = from; i < to; i++) {
            if (!isDigit(s.charAt(i))) {
                return false;
            }
        }
        return to > from;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
