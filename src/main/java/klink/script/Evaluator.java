package klink.script;

import klink.script.Expr.BinaryOp;
import klink.script.Expr.DataFn;
import klink.script.Expr.SectionFn;
import klink.script.Scope.Problem;

/// Evaluates script expressions as GNU ld does (ld/ldexp.c; the manual's "The Section of an Expression"):
///
/// - A literal is a plain number inside an output section and an absolute address between sections.
/// - `.` and `ALIGN(n)` are offsets in the output section they stand in, or absolute between sections.
/// - A symbol has its section; one that is absolute reads as a plain number inside an output section.
/// - If the operands of a binary operator are both not plain numbers and of different sections, both
///   become absolute. Of a number and something else, the section is that of the something.
/// - Arithmetic on two values of one section gives a plain number (between sections: absolute).
///   Comparisons, `&&` and `||` always give a plain number. ALIGN, MAX and MIN keep the section.
/// - `&&` and `||` evaluate both sides, `?:` only one.
///
/// So `sym + 1` between sections is absolute, and inside a section of sym's section; `a - b` of one
/// section is a number. Values have 64 bits; comparison and shift are unsigned, division is signed.
///
/// A value that depends on something not known yet is null. The only state is that of one evaluation:
/// a layout that iterates uses one evaluator throughout, on one thread.
public final class Evaluator {
    private final Scope scope;
    /// GNU ld's `rel_from_abs`: set by the location counter, cleared by what makes values absolute.
    private boolean fromDot;
    private String onlySymbol;
    private int symbols;

    public Evaluator(Scope scope) {
        this.scope = scope;
    }

    /// The value of an expression, or null if it is not known yet.
    public Value value(Expr e) {
        fromDot = false;
        onlySymbol = null;
        symbols = 0;
        Value v = eval(e);
        return v == null || v.fromDot() == fromDot ? v : new Value(v.section(), v.value(), fromDot);
    }

    /// The value of an expression as an address (of a section, of its load address), or null.
    public Value address(Expr e) {
        Value v = value(e);
        return v == null ? null : new Value(Value.ABSOLUTE, addressOf(v), v.fromDot());
    }

    /// The value an assignment gives its symbol, or null: a plain number is an offset in the output
    /// section the assignment stands in, and absolute between sections.
    public Value symbolValue(Command.Assign a) {
        Value v = value(a.value());
        return v == null || v.section() != Value.NUMBER ? v : new Value(scope.section(), v.value(), v.fromDot());
    }

    /// Where an assignment to `.` puts the location counter, as an absolute address, or null.
    public Value dotValue(Command.Assign a) {
        Value v = symbolValue(a);
        return v == null ? null : Value.absolute(addressOf(v));
    }

    /// Checks an assertion; a failure goes to the scope.
    public void check(Command.Assert a) {
        fromDot = false;
        assertion(a.condition(), a.message(), a.pos());
    }

    /// After an evaluation: the one symbol it read, or null if it read none or several. GNU ld gives a
    /// symbol set from such an expression the type (STT_) of that symbol: `jiffies = jiffies_64` is an
    /// object.
    public String onlySymbol() {
        return symbols == 1 ? onlySymbol : null;
    }

    /// A value as an address; a plain number stays what it is.
    public long addressOf(Value v) {
        return v.section() >= 0 ? v.value() + scope.address(v.section()) : v.value();
    }

    private Value eval(Expr e) {
        if (e instanceof Expr.Num n) {
            return literal(n.value());
        }
        if (e instanceof Expr.Dot) {
            return here(scope.dot());
        }
        if (e instanceof Expr.Symbol s) {
            return symbol(s);
        }
        if (e instanceof Expr.Binary b) {
            return binary(b);
        }
        if (e instanceof Expr.Unary u) {
            return unary(u);
        }
        if (e instanceof Expr.OfSection s) {
            return ofSection(s);
        }
        if (e instanceof Expr.Conditional c) {
            return conditional(c);
        }
        if (e instanceof Expr.Assertion a) {
            return assertion(a.condition(), a.message(), a.pos());
        }
        return special(e);
    }

    /// The rare ones. A chain of tests and not a switch over the types, whose first use costs a cold JVM
    /// more than the whole script.
    private Value special(Expr e) {
        if (e instanceof Expr.Defined d) {
            return Value.number(scope.defined(d.symbol()) ? 1 : 0);
        }
        if (e instanceof Expr.Constant c) {
            return Value.number(scope.constant(c.name()));
        }
        if (e instanceof Expr.SizeofHeaders) {
            return Value.number(scope.sizeofHeaders());
        }
        if (e instanceof Expr.OfRegion r) {
            return region(r);
        }
        if (e instanceof Expr.SegmentStart s) {
            return segmentStart(s);
        }
        return dataSegment((Expr.DataSegment) e);
    }

    private Value literal(long v) {
        return scope.section() == Value.ABSOLUTE ? Value.absolute(v) : Value.number(v);
    }

    /// An address at or made from the location counter, in the section of the place.
    private Value here(long address) {
        fromDot = true;
        int section = scope.section();
        return section == Value.ABSOLUTE ? Value.absolute(address) : Value.in(section, address - scope.address(section));
    }

    private Value absolute(Value v) {
        fromDot = false;
        return Value.absolute(addressOf(v));
    }

    private Value symbol(Expr.Symbol s) {
        Value v = scope.symbol(s.name());
        symbols++;
        onlySymbol = s.name();
        if (v == null) {
            scope.report(Problem.UNKNOWN, "undefined symbol " + s.name() + " in expression", s.pos());
            return null;
        }
        if (v.section() == Value.ABSOLUTE && scope.section() != Value.ABSOLUTE) {
            return Value.number(v.value());
        }
        return v.fromDot() ? new Value(v.section(), v.value(), false) : v;
    }

    private Value unary(Expr.Unary u) {
        Value v = eval(u.operand());
        if (v == null) {
            return null;
        }
        return switch (u.op()) {
            case NEGATE -> new Value(v.section(), -v.value(), false);
            case COMPLEMENT -> new Value(v.section(), ~v.value(), false);
            case NOT -> new Value(v.section(), v.value() == 0 ? 1 : 0, false);
            case ABSOLUTE -> absolute(v);
            case ALIGN -> here(align(scope.dot(), v.value()));
            case NEXT -> {
                Value alignment = absolute(v);
                yield Value.absolute(align(scope.dot(), alignment.value()));
            }
            case LOG2CEIL -> logic(64 - Long.numberOfLeadingZeros(v.value() - 1) & (v.value() == 0 ? 0 : -1), u);
        };
    }

    private Value binary(Expr.Binary b) {
        Value l = eval(b.left());
        Value r = eval(b.right());
        if (l == null || r == null) {
            return null;
        }
        // After this either both are of one section, or one of them is a plain number.
        if (l.section() != r.section() && l.section() != Value.NUMBER && r.section() != Value.NUMBER) {
            l = absolute(l);
            r = absolute(r);
        }
        int section = r.section() == Value.NUMBER ? l.section() : r.section();
        long x = l.value();
        long y = r.value();
        return switch (b.op()) {
            case ADD, SUB, MUL, SHL, SHR, AND, OR, XOR -> arithmetic(l, r, section, plain(b.op(), x, y));
            case DIV, MOD -> {
                if (y == 0) {
                    scope.report(Problem.ERROR, (b.op() == BinaryOp.DIV ? "division" : "remainder") + " by zero: "
                            + b.right() + " is 0", b.right().pos());
                    yield null;
                }
                yield arithmetic(l, r, section, b.op() == BinaryOp.DIV ? x / y : x % y);
            }
            case LT -> logic(Long.compareUnsigned(x, y) < 0, b);
            case GT -> logic(Long.compareUnsigned(x, y) > 0, b);
            case LE -> logic(Long.compareUnsigned(x, y) <= 0, b);
            case GE -> logic(Long.compareUnsigned(x, y) >= 0, b);
            case EQ -> logic(x == y, b);
            case NE -> logic(x != y, b);
            case LAND -> logic(x != 0 && y != 0, b);
            case LOR -> logic(x != 0 || y != 0, b);
            case MAX -> Value.in(section, Long.compareUnsigned(x, y) > 0 ? x : y);
            case MIN -> Value.in(section, Long.compareUnsigned(x, y) < 0 ? x : y);
            case ALIGN -> Value.in(section, align(x, y));
        };
    }

    private static long plain(BinaryOp op, long x, long y) {
        return switch (op) {
            case ADD -> x + y;
            case SUB -> x - y;
            case MUL -> x * y;
            case SHL -> x << y;
            case SHR -> x >>> y;
            case AND -> x & y;
            case OR -> x | y;
            default -> x ^ y;
        };
    }

    /// Two values of one section, or two numbers, leave a number (between sections: an absolute value).
    private Value arithmetic(Value l, Value r, int section, long result) {
        if (l.section() == r.section()) {
            return literal(result);
        }
        return Value.in(section, result);
    }

    private Value logic(boolean result, Expr e) {
        return logic(result ? 1 : 0, e);
    }

    /// GNU ld folds what consists of literals while it parses, and the result is a literal again.
    private Value logic(long result, Expr e) {
        return scope.section() == Value.ABSOLUTE && isLiteral(e) ? Value.absolute(result) : Value.number(result);
    }

    private static boolean isLiteral(Expr e) {
        if (e instanceof Expr.Num) {
            return true;
        }
        if (e instanceof Expr.Unary u) {
            return switch (u.op()) {
                case ALIGN, ABSOLUTE, NEXT -> false;
                default -> isLiteral(u.operand());
            };
        }
        if (e instanceof Expr.Binary b) {
            return b.op() != BinaryOp.ALIGN && isLiteral(b.left()) && isLiteral(b.right());
        }
        return e instanceof Expr.Conditional c
                && isLiteral(c.condition()) && isLiteral(c.then()) && isLiteral(c.otherwise());
    }

    private Value conditional(Expr.Conditional c) {
        int before = symbols;
        String only = onlySymbol;
        Value v = eval(c.condition());
        symbols = before; // the condition's symbols are not what the value is made of
        onlySymbol = only;
        return v == null ? null : eval(v.value() != 0 ? c.then() : c.otherwise());
    }

    private Value assertion(Expr condition, String message, Pos pos) {
        Value v = eval(condition);
        if (v != null && v.value() == 0) {
            scope.report(Problem.FAILED_ASSERT, message, pos);
        }
        return v;
    }

    private Value ofSection(Expr.OfSection s) {
        Value v = scope.ofSection(s.fn(), s.section());
        if (v == null) {
            scope.report(Problem.UNKNOWN, "undefined section " + s.section() + " in expression", s.pos());
            return s.fn() == SectionFn.SIZEOF || s.fn() == SectionFn.ALIGNOF ? Value.number(0) : null;
        }
        if (s.fn() == SectionFn.LOADADDR) {
            fromDot = false; // GNU ld evaluates the AT(...) again, and makes that absolute
        }
        return v;
    }

    private Value region(Expr.OfRegion r) {
        Value v = scope.region(r.length(), r.region());
        if (v == null) {
            scope.report(Problem.ERROR, "undefined memory region " + r.region(), r.pos());
            return null;
        }
        return r.length() ? v : here(v.value());
    }

    private Value segmentStart(Expr.SegmentStart s) {
        Value v = eval(s.otherwise());
        Value told = scope.segmentStart(s.segment());
        if (told != null) {
            return here(told.value());
        }
        return v == null ? null : here(v.value());
    }

    private Value dataSegment(Expr.DataSegment d) {
        Value a = eval(d.first());
        Value b = d.second() == null ? a : eval(d.second());
        if (a == null || b == null) {
            return null;
        }
        if (scope.section() != Value.ABSOLUTE) {
            scope.report(Problem.ERROR, d.fn() + " inside an output section", d.pos());
            return null;
        }
        if (d.fn() == DataFn.DATA_SEGMENT_END) {
            return a;
        }
        if (d.fn() == DataFn.DATA_SEGMENT_RELRO_END) {
            return new Value(b.section(), scope.dataSegmentRelroEnd(a.value(), b.value()), false);
        }
        if (Long.bitCount(a.value()) != 1 || Long.bitCount(b.value()) != 1) {
            scope.report(Problem.ERROR, "page size is not a power of two", d.pos());
            return null;
        }
        return Value.absolute(scope.dataSegmentAlign(a.value(), b.value()));
    }

    /// To a multiple of any alignment, also one that is no power of two; 0 and 1 align nothing.
    private static long align(long value, long alignment) {
        if (Long.compareUnsigned(alignment, 1) <= 0) {
            return value;
        }
        return Long.divideUnsigned(value + alignment - 1, alignment) * alignment;
    }
}
