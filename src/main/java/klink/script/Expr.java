package klink.script;

/// An expression of the script language, as written; `toString` gives script text back (with the
/// parentheses it needs, not those it had). Nodes hold no state: [Evaluator] can go over them again and
/// again while the layout settles.
public sealed interface Expr {
    Pos pos();

    /// @param hexDigits for fills: the digits after `0x` of a number without suffix; else null
    record Num(long value, String hexDigits, Pos pos) implements Expr {
        @Override
        public String toString() {
            return hexDigits != null ? "0x" + hexDigits : ExprText.number(value);
        }
    }

    /// The location counter.
    record Dot(Pos pos) implements Expr {
        @Override
        public String toString() {
            return ".";
        }
    }

    record Symbol(String name, Pos pos) implements Expr {
        @Override
        public String toString() {
            return ExprText.name(name);
        }
    }

    record Unary(UnaryOp op, Expr operand, Pos pos) implements Expr {
        @Override
        public String toString() {
            return ExprText.of(this);
        }
    }

    record Binary(BinaryOp op, Expr left, Expr right, Pos pos) implements Expr {
        @Override
        public String toString() {
            return ExprText.of(this);
        }
    }

    /// `condition ? then : otherwise`; only the chosen side is evaluated.
    record Conditional(Expr condition, Expr then, Expr otherwise, Pos pos) implements Expr {
        @Override
        public String toString() {
            return ExprText.of(this);
        }
    }

    /// `ADDR(.text)` and its like, of an output section by name.
    record OfSection(SectionFn fn, String section, Pos pos) implements Expr {
        @Override
        public String toString() {
            return fn + "(" + ExprText.name(section) + ")";
        }
    }

    /// `ORIGIN(region)` and `LENGTH(region)`.
    record OfRegion(boolean length, String region, Pos pos) implements Expr {
        @Override
        public String toString() {
            return (length ? "LENGTH(" : "ORIGIN(") + ExprText.name(region) + ")";
        }
    }

    /// `DEFINED(symbol)`.
    record Defined(String symbol, Pos pos) implements Expr {
        @Override
        public String toString() {
            return "DEFINED(" + ExprText.name(symbol) + ")";
        }
    }

    /// `CONSTANT(MAXPAGESIZE)` or `CONSTANT(COMMONPAGESIZE)`.
    record Constant(String name, Pos pos) implements Expr {
        @Override
        public String toString() {
            return "CONSTANT(" + name + ")";
        }
    }

    /// `SIZEOF_HEADERS`: bytes of ELF header and program headers.
    record SizeofHeaders(Pos pos) implements Expr {
        @Override
        public String toString() {
            return "SIZEOF_HEADERS";
        }
    }

    /// `SEGMENT_START(segment, otherwise)`: what `-Ttext-segment=` and its like say.
    record SegmentStart(String segment, Expr otherwise, Pos pos) implements Expr {
        @Override
        public String toString() {
            return "SEGMENT_START(\"" + segment + "\", " + otherwise + ")";
        }
    }

    /// The three functions that move the data segment to save a page and to end the RELRO part on one.
    ///
    /// @param second null for DATA_SEGMENT_END
    record DataSegment(DataFn fn, Expr first, Expr second, Pos pos) implements Expr {
        @Override
        public String toString() {
            return fn + "(" + first + (second == null ? "" : ", " + second) + ")";
        }
    }

    /// `ASSERT(condition, "message")` as a value: the value of its condition.
    record Assertion(Expr condition, String message, Pos pos) implements Expr {
        @Override
        public String toString() {
            return "ASSERT(" + condition + ", \"" + message + "\")";
        }
    }

    /// ALIGN with one argument (and `BLOCK`, its old name) aligns the location counter. A unary plus leaves
    /// no node, as parentheses leave none.
    enum UnaryOp {
        NEGATE("-"), COMPLEMENT("~"), NOT("!"),
        ABSOLUTE("ABSOLUTE"), ALIGN("ALIGN"), NEXT("NEXT"), LOG2CEIL("LOG2CEIL");

        private final String text;

        UnaryOp(String text) {
            this.text = text;
        }

        public String text() {
            return text;
        }

        public boolean function() {
            return ordinal() >= ABSOLUTE.ordinal();
        }
    }

    /// Precedence as in C; `ALIGN(value, alignment)`, MAX and MIN are written as functions (0).
    enum BinaryOp {
        MUL("*", 10), DIV("/", 10), MOD("%", 10), ADD("+", 9), SUB("-", 9), SHL("<<", 8), SHR(">>", 8),
        LT("<", 7), GT(">", 7), LE("<=", 7), GE(">=", 7), EQ("==", 6), NE("!=", 6),
        AND("&", 5), XOR("^", 4), OR("|", 3), LAND("&&", 2), LOR("||", 1),
        ALIGN("ALIGN", 0), MAX("MAX", 0), MIN("MIN", 0);

        private final String text;
        private final int precedence;

        BinaryOp(String text, int precedence) {
            this.text = text;
            this.precedence = precedence;
        }

        public String text() {
            return text;
        }

        public int precedence() {
            return precedence;
        }
    }

    enum SectionFn { ADDR, LOADADDR, SIZEOF, ALIGNOF }

    enum DataFn { DATA_SEGMENT_ALIGN, DATA_SEGMENT_RELRO_END, DATA_SEGMENT_END }
}
