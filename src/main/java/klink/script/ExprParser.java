package klink.script;

import klink.script.Expr.BinaryOp;
import klink.script.Expr.DataFn;
import klink.script.Expr.SectionFn;
import klink.script.Expr.UnaryOp;
import klink.script.Lexer.Kind;
import klink.script.Lexer.Mode;
import klink.script.Lexer.Token;

/// The expression part of the grammar, by precedence climbing. Function names are functions only
/// before a parenthesis.
final class ExprParser {
    /// Enough for any script, little enough for the stack: the longest expression of a kernel script has
    /// some 15 operators.
    private static final int MAX_DEPTH = 200;
    private static final int MAX_OPERATORS = 2000;

    private final Lexer lex;
    private int depth;
    private int operators;

    ExprParser(Lexer lex) {
        this.lex = lex;
    }

    /// A whole expression; stops at the first token that cannot continue it.
    Expr expression() {
        if (depth == 0) {
            operators = 0;
        }
        enter();
        Expr e = binary(1);
        if (lex.peek(Mode.EXPRESSION).is("?")) {
            Pos pos = lex.pos(lex.next(Mode.EXPRESSION));
            Expr then = expression();
            expect(":");
            e = new Expr.Conditional(e, then, expression(), pos);
        }
        depth--;
        return e;
    }

    private void enter() {
        if (++depth > MAX_DEPTH || ++operators > MAX_OPERATORS) {
            throw new ScriptError("expression too long or nested too deeply", lex.pos(lex.peek(Mode.EXPRESSION)));
        }
    }

    private Expr binary(int least) {
        Expr left = unary();
        while (true) {
            Token t = lex.peek(Mode.EXPRESSION);
            BinaryOp op = t.kind() == Kind.PUNCT ? operator(t.text()) : null;
            if (op == null || op.precedence() < least) {
                return left;
            }
            lex.next(Mode.EXPRESSION);
            enter();
            left = new Expr.Binary(op, left, binary(op.precedence() + 1), lex.pos(t));
            depth--;
        }
    }

    static BinaryOp operator(String text) {
        return switch (text) {
            case "*" -> BinaryOp.MUL;
            case "/" -> BinaryOp.DIV;
            case "%" -> BinaryOp.MOD;
            case "+" -> BinaryOp.ADD;
            case "-" -> BinaryOp.SUB;
            case "<<" -> BinaryOp.SHL;
            case ">>" -> BinaryOp.SHR;
            case "<" -> BinaryOp.LT;
            case ">" -> BinaryOp.GT;
            case "<=" -> BinaryOp.LE;
            case ">=" -> BinaryOp.GE;
            case "==" -> BinaryOp.EQ;
            case "!=" -> BinaryOp.NE;
            case "&" -> BinaryOp.AND;
            case "^" -> BinaryOp.XOR;
            case "|" -> BinaryOp.OR;
            case "&&" -> BinaryOp.LAND;
            case "||" -> BinaryOp.LOR;
            default -> null;
        };
    }

    private Expr unary() {
        Token t = lex.peek(Mode.EXPRESSION);
        UnaryOp op = t.kind() != Kind.PUNCT ? null : switch (t.text()) {
            case "-" -> UnaryOp.NEGATE;
            case "~" -> UnaryOp.COMPLEMENT;
            case "!" -> UnaryOp.NOT;
            default -> null;
        };
        boolean plus = t.is("+");
        if (op == null && !plus) {
            return primary();
        }
        lex.next(Mode.EXPRESSION);
        enter();
        Expr operand = unary();
        depth--;
        return plus ? operand : new Expr.Unary(op, operand, lex.pos(t));
    }

    private Expr primary() {
        Token t = lex.next(Mode.EXPRESSION);
        Pos pos = lex.pos(t);
        if (t.is("(")) {
            Expr e = expression();
            expect(")");
            return e;
        }
        if (t.kind() == Kind.NUMBER) {
            return new Expr.Num(t.value(), t.hexDigits(), pos);
        }
        if (!t.isName()) {
            throw new ScriptError("expected an expression, found " + Tokens.shown(t), pos);
        }
        if (t.isWord(".")) {
            return new Expr.Dot(pos);
        }
        if (t.kind() == Kind.NAME) {
            if (t.text().equals("SIZEOF_HEADERS")) {
                return new Expr.SizeofHeaders(pos);
            }
            if (lex.peek(Mode.EXPRESSION).is("(")) {
                return function(t, pos);
            }
        }
        return new Expr.Symbol(t.text(), pos);
    }

    private Expr function(Token name, Pos pos) {
        return switch (name.text()) {
            case "ABSOLUTE" -> one(UnaryOp.ABSOLUTE, pos);
            case "NEXT" -> one(UnaryOp.NEXT, pos);
            case "LOG2CEIL" -> one(UnaryOp.LOG2CEIL, pos);
            case "BLOCK" -> one(UnaryOp.ALIGN, pos);
            case "ALIGN" -> align(pos);
            case "MAX" -> two(BinaryOp.MAX, pos);
            case "MIN" -> two(BinaryOp.MIN, pos);
            case "ADDR" -> new Expr.OfSection(SectionFn.ADDR, nameArgument(Mode.SCRIPT), pos);
            case "LOADADDR" -> new Expr.OfSection(SectionFn.LOADADDR, nameArgument(Mode.SCRIPT), pos);
            case "SIZEOF" -> new Expr.OfSection(SectionFn.SIZEOF, nameArgument(Mode.SCRIPT), pos);
            case "ALIGNOF" -> new Expr.OfSection(SectionFn.ALIGNOF, nameArgument(Mode.SCRIPT), pos);
            case "ORIGIN" -> new Expr.OfRegion(false, nameArgument(Mode.SCRIPT), pos);
            case "LENGTH" -> new Expr.OfRegion(true, nameArgument(Mode.SCRIPT), pos);
            case "CONSTANT" -> constant(pos);
            case "DEFINED" -> new Expr.Defined(nameArgument(Mode.EXPRESSION), pos);
            case "SEGMENT_START" -> segmentStart(pos);
            case "ASSERT" -> assertion(pos);
            case "DATA_SEGMENT_ALIGN" -> dataSegment(DataFn.DATA_SEGMENT_ALIGN, pos);
            case "DATA_SEGMENT_RELRO_END" -> dataSegment(DataFn.DATA_SEGMENT_RELRO_END, pos);
            case "DATA_SEGMENT_END" -> dataSegment(DataFn.DATA_SEGMENT_END, pos);
            default -> throw new ScriptError("unknown function " + name.text(), pos);
        };
    }

    private Expr one(UnaryOp op, Pos pos) {
        expect("(");
        Expr e = expression();
        expect(")");
        return new Expr.Unary(op, e, pos);
    }

    private Expr two(BinaryOp op, Pos pos) {
        expect("(");
        Expr a = expression();
        expect(",");
        Expr b = expression();
        expect(")");
        return new Expr.Binary(op, a, b, pos);
    }

    private Expr align(Pos pos) {
        expect("(");
        Expr a = expression();
        if (lex.accept(Mode.EXPRESSION, ",")) {
            Expr b = expression();
            expect(")");
            return new Expr.Binary(BinaryOp.ALIGN, a, b, pos);
        }
        expect(")");
        return new Expr.Unary(UnaryOp.ALIGN, a, pos);
    }

    private Expr dataSegment(DataFn fn, Pos pos) {
        expect("(");
        Expr a = expression();
        Expr b = null;
        if (fn != DataFn.DATA_SEGMENT_END) {
            expect(",");
            b = expression();
        }
        expect(")");
        return new Expr.DataSegment(fn, a, b, pos);
    }

    private Expr segmentStart(Pos pos) {
        expect("(");
        Token name = name(Mode.SCRIPT);
        expect(",");
        Expr e = expression();
        expect(")");
        return new Expr.SegmentStart(name.text(), e, pos);
    }

    private Expr constant(Pos pos) {
        String name = nameArgument(Mode.EXPRESSION);
        if (!name.equals("MAXPAGESIZE") && !name.equals("COMMONPAGESIZE")) {
            throw new ScriptError("unknown constant " + name + ": it is MAXPAGESIZE or COMMONPAGESIZE", pos);
        }
        return new Expr.Constant(name, pos);
    }

    private Expr assertion(Pos pos) {
        expect("(");
        Expr condition = expression();
        expect(",");
        Token message = name(Mode.EXPRESSION);
        expect(")");
        return new Expr.Assertion(condition, message.text(), pos);
    }

    private String nameArgument(Mode mode) {
        expect("(");
        Token t = name(mode);
        expect(")");
        return t.text();
    }

    private Token name(Mode mode) {
        Token t = lex.next(mode);
        if (!t.isName()) {
            throw new ScriptError("expected a name, found " + Tokens.shown(t), lex.pos(t));
        }
        return t;
    }

    private void expect(String punct) {
        Token t = lex.next(Mode.EXPRESSION);
        if (!t.is(punct)) {
            throw new ScriptError("expected '" + punct + "', found " + Tokens.shown(t), lex.pos(t));
        }
    }
}
