package klink.script;

import java.util.ArrayList;
import java.util.List;
import klink.script.Lexer.Kind;
import klink.script.Lexer.Mode;
import klink.script.Lexer.Token;

/// The tokens of a script and of the files it includes, and the small phrases that several parts of the
/// grammar share.
final class Tokens {
    /// As GNU ld's.
    private static final int MAX_INCLUDE_DEPTH = 10;

    private final Script.Includes includes;
    private Lexer lex;
    private ExprParser exprs;
    private int depth;

    Tokens(Source source, Script.Includes includes) {
        this.includes = includes;
        open(source);
    }

    private void open(Source source) {
        lex = new Lexer(source);
        exprs = new ExprParser(lex);
    }

    /// After the word INCLUDE: reads the file's name and runs `body` on its text, all of which it must take.
    void include(Runnable body) {
        Token name = next(Mode.FILES);
        if (!name.isName()) {
            throw unexpected("a file name", name);
        }
        if (++depth > MAX_INCLUDE_DEPTH) {
            throw error("INCLUDE nested more than " + MAX_INCLUDE_DEPTH + " deep", name);
        }
        Source text = includes.open(name.text());
        if (text == null) {
            throw error("cannot find included script " + name.text(), name);
        }
        Lexer outer = lex;
        ExprParser outerExprs = exprs;
        open(text);
        body.run();
        Token end = peek(Mode.SCRIPT);
        if (end.kind() != Kind.END) {
            throw unexpected("the end of the included file", end);
        }
        lex = outer;
        exprs = outerExprs;
        depth--;
    }

    Token peek(Mode mode) {
        return lex.peek(mode);
    }

    Token next(Mode mode) {
        return lex.next(mode);
    }

    boolean accept(Mode mode, String punct) {
        return lex.accept(mode, punct);
    }

    /// Takes the next token if it is this word, unquoted.
    boolean acceptWord(Mode mode, String word) {
        if (!peek(mode).isWord(word)) {
            return false;
        }
        next(mode);
        return true;
    }

    String acceptAssignment() {
        return lex.acceptAssignment();
    }

    void skipBraces() {
        lex.skipBraces();
    }

    /// With `(` next: whether the word after it makes it the type of an output section.
    boolean typeWordFollows() {
        return lex.typeWordFollows();
    }

    Pos pos(Token t) {
        return lex.pos(t);
    }

    Token expect(Mode mode, String punct) {
        Token t = next(mode);
        if (!t.is(punct)) {
            throw unexpected("'" + punct + "'", t);
        }
        return t;
    }

    Token name(Mode mode) {
        Token t = next(mode);
        if (!t.isName()) {
            throw unexpected("a name", t);
        }
        return t;
    }

    /// `( name )`.
    String nameInParentheses(Mode mode) {
        expect(mode, "(");
        Token t = name(mode);
        expect(mode, ")");
        return t.text();
    }

    /// The rest of `( name name , name )` after its opening parenthesis.
    List<String> names(Mode mode) {
        var names = new ArrayList<String>();
        while (!accept(mode, ")")) {
            if (!accept(mode, ",")) {
                names.add(name(mode).text());
            }
        }
        return names;
    }

    Expr expression() {
        return exprs.expression();
    }

    /// `( expression )`.
    Expr expressionInParentheses() {
        expect(Mode.EXPRESSION, "(");
        Expr e = expression();
        expect(Mode.EXPRESSION, ")");
        return e;
    }

    ScriptError error(String what, Token at) {
        return new ScriptError(what, pos(at));
    }

    ScriptError unexpected(String wanted, Token found) {
        return error("expected " + wanted + ", found " + shown(found), found);
    }

    static String shown(Token t) {
        return switch (t.kind()) {
            case END -> "the end of the file";
            case STRING -> "\"" + t.text() + "\"";
            default -> "'" + t.text() + "'";
        };
    }
}
