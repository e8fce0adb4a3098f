package klink.script;

import java.math.BigInteger;
import java.util.Arrays;

/// Cuts script text into tokens. What a token is depends on where the parser stands, as in GNU ld:
/// `-` is part of a file name but an operator between symbols, `*` is part of a pattern but multiplies.
/// So the parser names a [Mode] with every look, and looking ahead never changes anything.
///
/// In every mode a name ends only at a character that mode does not allow in names; that is why GNU ld
/// reads `x=1` outside an expression as one name, and why kernel scripts put spaces around `=`.
final class Lexer {
    /// The lexer states of GNU ld's language that matter here.
    enum Mode {
        /// Between commands: names may hold `- + : [ ] =`.
        SCRIPT,
        /// Inside the parentheses of INPUT, OUTPUT_FORMAT and the like.
        FILES,
        /// Inside expressions: names are symbols, everything else operators.
        EXPRESSION,
        /// Inside the braces of an output section: names are patterns.
        WILD
    }

    enum Kind { NAME, STRING, NUMBER, PUNCT, END }

    /// @param text      the name, the string without its quotes, or the operator
    /// @param hexDigits of a number written `0x...` without a suffix, else null
    record Token(Kind kind, String text, long value, String hexDigits, int start, int end) {
        boolean is(String punct) {
            return kind == Kind.PUNCT && text.equals(punct);
        }

        /// Quoted words are never keywords.
        boolean isWord(String word) {
            return kind == Kind.NAME && text.equals(word);
        }

        boolean isName() {
            return kind == Kind.NAME || kind == Kind.STRING;
        }
    }

    private static final byte SYMBOL = 1;
    private static final byte FILE = 2;
    private static final byte PATTERN = 4;
    private static final byte[] CLASS = classes();

    private final Source source;
    private final String text;
    /// The same as an array with a zero behind it: scanning is over before the JVM has compiled it, and
    /// the interpreter pays for every `charAt`.
    private final byte[] b;
    private int at;
    private Token ahead;
    private Mode aheadMode;

    Lexer(Source source) {
        this.source = source;
        this.text = source.text();
        this.b = Arrays.copyOf(source.bytes(), source.bytes().length + 1);
    }

    private static byte[] classes() {
        byte[] c = new byte[128];
        for (int i = 0; i < 128; i++) {
            boolean letter = i >= 'a' && i <= 'z' || i >= 'A' && i <= 'Z' || i >= '0' && i <= '9';
            if (letter || "_/.\\$~".indexOf(i) >= 0) {
                c[i] = SYMBOL | FILE | PATTERN;
            } else if ("-+:[],=".indexOf(i) >= 0) {
                c[i] = FILE | PATTERN;
            } else if ("?*^!".indexOf(i) >= 0) {
                c[i] = PATTERN;
            }
        }
        return c;
    }

    Pos pos(Token t) {
        return new Pos(source, t.start());
    }

    Pos pos(int offset) {
        return new Pos(source, offset);
    }

    Source source() {
        return source;
    }

    Token peek(Mode mode) {
        if (ahead == null || aheadMode != mode) {
            ahead = scan(mode);
            aheadMode = mode;
        }
        return ahead;
    }

    Token next(Mode mode) {
        Token t = peek(mode);
        at = t.end();
        ahead = null;
        return t;
    }

    /// Takes the next token if it is this punctuation.
    boolean accept(Mode mode, String punct) {
        if (!peek(mode).is(punct)) {
            return false;
        }
        next(mode);
        return true;
    }

    /// The assignment operator that comes next, consumed; null if none does. Looked for apart from the
    /// modes, since `/=` would be the start of a name in most of them.
    String acceptAssignment() {
        int p = skipBlank(at);
        int end = p + operatorLength(p);
        if (end == p || !assigns(p, end)) {
            return null;
        }
        at = end;
        ahead = null;
        return text.substring(p, end);
    }

    /// With `(` next: whether the token after it is a word for the type of an output section, or `)`.
    boolean typeWordFollows() {
        Token open = peek(Mode.EXPRESSION);
        int back = at;
        at = open.end();
        Token word = scan(Mode.EXPRESSION);
        at = back;
        return word.is(")") || word.kind() == Kind.NAME && switch (word.text()) {
            case "NOLOAD", "DSECT", "COPY", "INFO", "OVERLAY", "READONLY", "TYPE" -> true;
            default -> false;
        };
    }

    /// Skips a `{ ... }` whose contents are not script.
    void skipBraces() {
        int open = skipBlank(at);
        int depth = 0;
        int p = open;
        do {
            if (p >= text.length()) {
                throw new ScriptError("no closing brace", pos(open));
            }
            char c = text.charAt(p);
            if (c == '{') {
                depth++;
            } else if (c == '}') {
                depth--;
            } else if (c == '"') {
                p = stringEnd(p);
            }
            p = skipBlank(p + 1);
        } while (depth > 0);
        at = p;
        ahead = null;
    }

    private Token scan(Mode mode) {
        int p = skipBlank(at);
        if (p >= text.length()) {
            return new Token(Kind.END, "end of file", 0, null, p, p);
        }
        byte c = b[p];
        if (c == '"') {
            int end = stringEnd(p);
            return new Token(Kind.STRING, text.substring(p + 1, end), 0, null, p, end + 1);
        }
        int nameEnd = nameEnd(p, mode);
        if (mode == Mode.SCRIPT || mode == Mode.EXPRESSION) {
            Token number = number(p, mode);
            if (number != null && number.end() >= nameEnd) {
                return number;
            }
        }
        // Longest match; of equals the operator.
        int opEnd = operatorEnd(p, mode);
        if (nameEnd > opEnd) {
            return new Token(Kind.NAME, text.substring(p, nameEnd), 0, null, p, nameEnd);
        }
        if (opEnd == p) {
            throw new ScriptError("unexpected character " + printable(text.charAt(p)), pos(p));
        }
        return new Token(Kind.PUNCT, text.substring(p, opEnd), 0, null, p, opEnd);
    }

    private static String printable(char c) {
        return c > ' ' && c < 127 ? "'" + c + "'" : "0x" + Integer.toHexString(c);
    }

    private int stringEnd(int open) {
        int end = text.indexOf('"', open + 1);
        if (end < 0) {
            throw new ScriptError("no closing quote", pos(open));
        }
        return end;
    }

    /// Where white space, `/* */` comments and `#` lines end.
    private int skipBlank(int from) {
        int p = from;
        while (p < text.length()) {
            byte c = b[p];
            if (c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f') {
                p++;
            } else if (c == '/' && b[p + 1] == '*') {
                int end = text.indexOf("*/", p + 2);
                if (end < 0) {
                    throw new ScriptError("no end of comment", pos(p));
                }
                p = end + 2;
            } else if (c == '#') {
                int end = text.indexOf('\n', p);
                p = end < 0 ? text.length() : end + 1;
            } else {
                break;
            }
        }
        return p;
    }

    private int nameEnd(int p, Mode mode) {
        byte first = b[p];
        boolean symbol = in(first, SYMBOL) && !digit(first);
        switch (mode) {
            case SCRIPT -> {
                return symbol ? run(p + 1, FILE) : p;
            }
            case EXPRESSION -> {
                if (first == '/' && text.startsWith("/DISCARD/", p)) {
                    return p + 9; // after a fill: not a division
                }
                return symbol && first != '/' && first != '~' ? run(p + 1, SYMBOL) : p;
            }
            case WILD -> {
                return run(p, PATTERN);
            }
            case FILES -> {
                int end = p;
                while (in(b[end], FILE) && b[end] != ',') {
                    end++;
                }
                return end;
            }
        }
        throw new IllegalStateException(mode.name());
    }

    /// The end of the characters from `p` on that may be in such names.
    private int run(int p, int mask) {
        int end = p;
        while (b[end] >= 0 && (CLASS[b[end]] & mask) != 0) {
            end++;
        }
        return end;
    }

    private int operatorEnd(int p, Mode mode) {
        byte c = b[p];
        if (in(c, SYMBOL) && c != '/' && c != '~') { // most tokens: a name
            return p;
        }
        int length = operatorLength(p);
        if (length > 1 && mode != Mode.FILES && (mode == Mode.EXPRESSION || assigns(p, p + length))) {
            return p + length;
        }
        String singles = switch (mode) {
            case SCRIPT -> "=}{)(:;>,~!+-";
            case FILES -> ")(,";
            case EXPRESSION -> "=}{)(:;>,~!+-&|?*/%<^";
            case WILD -> "=}{)(;][&";
        };
        return singles.indexOf(c) >= 0 ? p + 1 : p;
    }

    /// How many characters the longest operator at `p` has that may have several; 0 if none is there.
    private int operatorLength(int p) {
        byte c = b[p];
        if (c == 0) {
            return 0;
        }
        byte d = b[p + 1];
        return switch (c) {
            case '<', '>' -> d == c ? b[p + 2] == '=' ? 3 : 2 : d == '=' ? 2 : 1;
            case '|', '&' -> d == c || d == '=' ? 2 : 1;
            case '=', '!', '+', '-', '*', '/', '^' -> d == '=' ? 2 : 1;
            default -> 0;
        };
    }

    /// Whether the operator from `p` to `end` assigns: it ends in `=` and does not compare.
    private boolean assigns(int p, int end) {
        if (b[end - 1] != '=') {
            return false;
        }
        return end - p != 2 || b[p] != '=' && b[p] != '!' && b[p] != '<' && b[p] != '>';
    }

    /// A number at `p`, or null: C's decimal, octal and `0x`, `$ff`, and a K or M behind; in expressions
    /// also 0ffh, 17o, 101b, 99d. GNU ld takes the latter without a leading digit too, and so reads a
    /// symbol named `each` as 0xeac; here they start with a digit.
    private Token number(int p, Mode mode) {
        byte c = b[p];
        if (!digit(c) && c != '$') {
            return null;
        }
        boolean hex = c == '$' || c == '0' && (b[p + 1] | 0x20) == 'x';
        int digits = p + (c == '$' ? 1 : hex ? 2 : 0);
        int end = digits;
        while (hex ? hexDigit(b[end]) : digit(b[end])) {
            end++;
        }
        int suffixed = mode == Mode.EXPRESSION && digit(c) ? suffixed(p) : -1;
        if (suffixed > end) {
            int radix = radix(b[suffixed - 1]);
            return new Token(Kind.NUMBER, text.substring(p, suffixed), parse(p, suffixed - 1, radix), null, p, suffixed);
        }
        if (end == digits) {
            return null;
        }
        int radix = hex ? 16 : c == '0' && end > p + 1 && octal(p, end) ? 8 : 10;
        long value = parse(digits, end, radix);
        int scale = b[end] | 0x20;
        if (scale == 'k' || scale == 'm') {
            return new Token(Kind.NUMBER, text.substring(p, end + 1), value << (scale == 'k' ? 10 : 20), null, p, end + 1);
        }
        String hexDigits = hex && c != '$' ? text.substring(digits, end) : null;
        return new Token(Kind.NUMBER, text.substring(p, end), value, hexDigits, p, end);
    }

    /// The end of a number with its radix letter behind, or -1.
    private int suffixed(int p) {
        int end = p;
        while (hexDigit(b[end])) {
            end++;
        }
        int letter = b[end] | 0x20;
        if (end > p && (letter == 'h' || letter == 'x')) {
            return letter == 'h' || end > p + 1 ? end + 1 : -1;
        }
        int last = letter == 'o' ? end : end - 1;
        int radix = radix(b[last]);
        if (radix == 16 || last == p) {
            return -1;
        }
        for (int i = p; i < last; i++) {
            if (Character.digit(b[i], radix) < 0) {
                return -1;
            }
        }
        return last + 1;
    }

    private static int radix(byte suffix) {
        return switch (suffix) {
            case 'o', 'O' -> 8;
            case 'b', 'B' -> 2;
            case 'd', 'D' -> 10;
            default -> 16;
        };
    }

    private boolean octal(int from, int to) {
        for (int i = from; i < to; i++) {
            if (b[i] > '7') {
                return false;
            }
        }
        return true;
    }

    /// As strtoull: what does not fit becomes the largest value. Fills may have any number of digits.
    private long parse(int from, int to, int radix) {
        if (to - from <= 15) {
            return Long.parseLong(text, from, to, radix);
        }
        var v = new BigInteger(text.substring(from, to), radix);
        return v.bitLength() > 64 ? -1L : v.longValue();
    }

    private static boolean digit(byte c) {
        return c >= '0' && c <= '9';
    }

    private static boolean hexDigit(byte c) {
        return digit(c) || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F';
    }

    private static boolean in(byte c, int mask) {
        return c >= 0 && (CLASS[c] & mask) != 0;
    }
}
