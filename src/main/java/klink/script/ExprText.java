package klink.script;

/// Expressions back to script text.
final class ExprText {
    private ExprText() {}

    /// Small numbers in decimal, others in hexadecimal.
    static String number(long v) {
        return v >= 0 && v < 1024 ? Long.toString(v) : "0x" + Long.toHexString(v);
    }

    /// A symbol or section name, quoted if it would not be read back as one name.
    static String name(String n) {
        boolean plain = !n.isEmpty() && !(n.charAt(0) >= '0' && n.charAt(0) <= '9');
        for (int i = 0; i < n.length() && plain; i++) {
            char c = n.charAt(i);
            plain = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '.' || c == '$';
        }
        return plain ? n : "\"" + n + "\"";
    }

    static String of(Expr.Unary u) {
        if (u.op().function()) {
            return u.op().text() + "(" + u.operand() + ")";
        }
        boolean bare = !(u.operand() instanceof Expr.Binary || u.operand() instanceof Expr.Conditional
                || u.operand() instanceof Expr.Unary);
        return u.op().text() + (bare ? u.operand() : "(" + u.operand() + ")");
    }

    static String of(Expr.Binary b) {
        int p = b.op().precedence();
        if (p == 0) {
            return b.op().text() + "(" + b.left() + ", " + b.right() + ")";
        }
        return operand(b.left(), p) + " " + b.op().text() + " " + operand(b.right(), p + 1);
    }

    static String of(Expr.Conditional c) {
        return operand(c.condition(), 1) + " ? " + c.then() + " : " + c.otherwise();
    }

    /// Parenthesised if it binds less tightly than `least`.
    private static String operand(Expr e, int least) {
        boolean bare = switch (e) {
            case Expr.Binary b -> b.op().precedence() == 0 || b.op().precedence() >= least;
            case Expr.Conditional _ -> false;
            default -> true;
        };
        return bare ? e.toString() : "(" + e + ")";
    }
}
