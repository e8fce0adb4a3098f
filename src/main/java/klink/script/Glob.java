package klink.script;

/// A section or file name pattern: `*` any bytes (also `/`), `?` one, `[a-z]` one of a set, `[!a]` or
/// `[^a]` one not of it, a backslash takes the next literally.
///
/// Around 300 patterns meet some 15,000 distinct section names in a JVM a tenth of a second old, so the
/// two shapes that nearly all patterns have, a literal and a literal before one final `*`, are
/// recognised once and compared without interpretation.
public final class Glob {
    private enum Shape { LITERAL, PREFIX, ANY, GENERAL }

    private final String text;
    private final String literal;
    private final Shape shape;

    public Glob(String text) {
        this.text = text;
        int special = firstSpecial(text);
        if (special == text.length()) {
            shape = Shape.LITERAL;
        } else if (special == text.length() - 1 && text.charAt(special) == '*') {
            shape = special == 0 ? Shape.ANY : Shape.PREFIX;
        } else {
            shape = Shape.GENERAL;
        }
        literal = text.substring(0, special);
    }

    /// The pattern as written.
    public String text() {
        return text;
    }

    /// Whether it names exactly one name, [#text].
    public boolean isLiteral() {
        return shape == Shape.LITERAL;
    }

    /// Whether it is `*`.
    public boolean isAny() {
        return shape == Shape.ANY;
    }

    /// What every match starts with: lets a caller index its patterns.
    public String literalPrefix() {
        return literal;
    }

    public boolean matches(String name) {
        return switch (shape) {
            case LITERAL -> name.equals(literal);
            case PREFIX -> name.startsWith(literal);
            case ANY -> true;
            case GENERAL -> name.startsWith(literal) && general(name, literal.length(), literal.length());
        };
    }

    private static int firstSpecial(String p) {
        for (int i = 0; i < p.length(); i++) {
            char c = p.charAt(i);
            if (c == '*' || c == '?' || c == '[' || c == '\\') {
                return i;
            }
        }
        return p.length();
    }

    /// Matches `name` from `s` against the pattern from `p`. After a failure only the last `*` is
    /// widened: an earlier one could not reach further than the last already can.
    private boolean general(String name, int s, int p) {
        int starP = -1;
        int starS = -1;
        while (s < name.length()) {
            if (p < text.length() && text.charAt(p) == '*') {
                starP = ++p;
                starS = s;
                continue;
            }
            int next = p < text.length() ? step(p, name.charAt(s)) : -1;
            if (next >= 0) {
                p = next;
                s++;
            } else if (starP >= 0) {
                p = starP;
                s = ++starS;
            } else {
                return false;
            }
        }
        while (p < text.length() && text.charAt(p) == '*') {
            p++;
        }
        return p == text.length();
    }

    /// The pattern index after the element at `p` if that accepts `c`, else -1.
    private int step(int p, char c) {
        char e = text.charAt(p);
        switch (e) {
            case '?':
                return p + 1;
            case '[': {
                int end = setEnd(p);
                if (end < 0) { // no closing bracket: the bracket is itself
                    return c == '[' ? p + 1 : -1;
                }
                return inSet(p, end, c) ? end + 1 : -1;
            }
            case '\\':
                if (p + 1 < text.length()) {
                    return text.charAt(p + 1) == c ? p + 2 : -1;
                }
                return c == '\\' ? p + 1 : -1;
            default:
                return e == c ? p + 1 : -1;
        }
    }

    /// The index of the `]` that closes the set opened at `p`, or -1. One that comes first is a member.
    private int setEnd(int p) {
        int i = p + 1;
        if (i < text.length() && (text.charAt(i) == '!' || text.charAt(i) == '^')) {
            i++;
        }
        for (boolean first = true; i < text.length(); i++, first = false) {
            char c = text.charAt(i);
            if (c == ']' && !first) {
                return i;
            }
            if (c == '\\') {
                i++;
            }
        }
        return -1;
    }

    private boolean inSet(int p, int end, char c) {
        int i = p + 1;
        boolean negated = text.charAt(i) == '!' || text.charAt(i) == '^';
        if (negated) {
            i++;
        }
        boolean found = false;
        while (i < end) {
            char low = text.charAt(i++);
            if (low == '\\' && i < end) {
                low = text.charAt(i++);
            }
            char high = low;
            if (i + 1 < end && text.charAt(i) == '-') {
                high = text.charAt(i + 1);
                i += 2;
            }
            found |= low <= c && c <= high;
        }
        return found != negated;
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof Glob g && g.text.equals(text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
