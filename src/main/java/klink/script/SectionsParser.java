package klink.script;

import java.util.ArrayList;
import java.util.List;
import klink.script.Lexer.Kind;
import klink.script.Lexer.Mode;
import klink.script.Lexer.Token;
import klink.script.SectionsItem.Constraint;
import klink.script.SectionsItem.Type;

/// The grammar inside `SECTIONS { }`, down to the braces of an output section.
final class SectionsParser {
    private final Tokens in;
    private final InputParser inputs;

    SectionsParser(Tokens in) {
        this.in = in;
        this.inputs = new InputParser(in);
    }

    /// Items up to a closing brace or the end of an included file, neither of which is consumed.
    void items(List<SectionsItem> out) {
        while (true) {
            Token t = in.peek(Mode.SCRIPT);
            if (t.is("}") || t.kind() == Kind.END) {
                return;
            }
            if (in.accept(Mode.SCRIPT, ";")) {
                continue;
            }
            if (in.acceptWord(Mode.SCRIPT, "INCLUDE")) {
                in.include(() -> items(out));
                continue;
            }
            out.add(item());
        }
    }

    private SectionsItem item() {
        Token t = in.next(Mode.SCRIPT);
        Pos pos = in.pos(t);
        if (!t.isName()) {
            throw in.unexpected("an output section or an assignment", t);
        }
        if (t.kind() == Kind.NAME) {
            boolean call = in.peek(Mode.SCRIPT).is("(");
            if (call && t.text().equals("ENTRY")) {
                return new Command.Entry(in.nameInParentheses(Mode.SCRIPT), pos);
            }
            if (call && t.text().equals("ASSERT")) {
                return Parser.assertion(in, pos);
            }
            if (t.text().equals("OVERLAY")) {
                return overlay(pos);
            }
        }
        SectionsItem assign = Parser.assignment(in, t, Mode.SCRIPT);
        return assign != null ? assign : outputSection(t);
    }

    private SectionsItem outputSection(Token name) {
        Expr address = null;
        if (!in.peek(Mode.EXPRESSION).is(":") && !typeFollows()) {
            Token t = in.peek(Mode.EXPRESSION);
            if (t.is("{") || t.is("}") || t.is(";") || t.kind() == Kind.END) {
                throw Parser.notACommand(in, name, "command or section without ':'");
            }
            address = in.expression();
        }
        Type type = Type.NONE;
        Expr elfType = null;
        if (in.accept(Mode.EXPRESSION, "(")) {
            Token t = in.peek(Mode.EXPRESSION);
            type = type();
            elfType = elfType(t, type);
            in.expect(Mode.EXPRESSION, ")");
        }
        in.expect(Mode.EXPRESSION, ":");
        Expr at = clause("AT");
        Expr align = clause("ALIGN");
        boolean alignWithInput = in.acceptWord(Mode.EXPRESSION, "ALIGN_WITH_INPUT");
        Expr subalign = clause("SUBALIGN");
        Constraint constraint = constraint();
        in.expect(Mode.EXPRESSION, "{");
        var items = new ArrayList<OutputItem>();
        inputs.items(items);
        Pos end = in.pos(in.expect(Mode.WILD, "}"));
        String region = region();
        String atRegion = atRegion();
        List<String> phdrs = phdrs();
        Fill fill = fill();
        in.accept(Mode.SCRIPT, ",");
        return new SectionsItem.OutputSection(name.text(), address, type, elfType, at, align, alignWithInput, subalign,
                constraint, items, region, atRegion, phdrs, fill, in.pos(name), end);
    }

    /// Whether the `(` that may come next opens a type and not an address: only the word inside tells.
    private boolean typeFollows() {
        return in.peek(Mode.EXPRESSION).is("(") && in.typeWordFollows();
    }

    private Type type() {
        if (in.peek(Mode.EXPRESSION).is(")")) {
            return Type.NONE;
        }
        Token t = in.next(Mode.EXPRESSION);
        return switch (t.text()) {
            case "NOLOAD" -> Type.NOLOAD;
            case "DSECT" -> Type.DSECT;
            case "COPY" -> Type.COPY;
            case "INFO" -> Type.INFO;
            case "OVERLAY" -> Type.OVERLAY;
            case "READONLY" -> Type.READONLY;
            case "TYPE" -> Type.TYPE;
            default -> throw in.unexpected("a section type", t);
        };
    }

    /// The `= n` of TYPE, also within `READONLY (TYPE = n)`.
    private Expr elfType(Token word, Type type) {
        if (type == Type.TYPE) {
            in.expect(Mode.EXPRESSION, "=");
            return sectionType(in.expression());
        }
        if (type == Type.READONLY && in.accept(Mode.EXPRESSION, "(")) {
            Token t = in.next(Mode.EXPRESSION);
            if (!t.isWord("TYPE")) {
                throw in.unexpected("TYPE", t);
            }
            in.expect(Mode.EXPRESSION, "=");
            Expr e = sectionType(in.expression());
            in.expect(Mode.EXPRESSION, ")");
            return e;
        }
        return null;
    }

    /// gABI chapter 4, sh_type: the names GNU ld knows here.
    private static Expr sectionType(Expr e) {
        if (!(e instanceof Expr.Symbol s)) {
            return e;
        }
        long value = switch (s.name()) {
            case "SHT_PROGBITS" -> 1;
            case "SHT_STRTAB" -> 3;
            case "SHT_NOTE" -> 7;
            case "SHT_NOBITS" -> 8;
            case "SHT_INIT_ARRAY" -> 14;
            case "SHT_FINI_ARRAY" -> 15;
            case "SHT_PREINIT_ARRAY" -> 16;
            default -> throw new ScriptError("unknown section type " + s.name() + " (a number is always possible)",
                    s.pos());
        };
        return new Expr.Num(value, null, s.pos());
    }

    /// `WORD(expression)` if that comes next.
    private Expr clause(String word) {
        return in.acceptWord(Mode.EXPRESSION, word) ? in.expressionInParentheses() : null;
    }

    private Constraint constraint() {
        for (Constraint c : Constraint.values()) {
            if (c != Constraint.NONE && in.acceptWord(Mode.EXPRESSION, c.name())) {
                return c;
            }
        }
        return Constraint.NONE;
    }

    private String region() {
        return in.accept(Mode.SCRIPT, ">") ? in.name(Mode.SCRIPT).text() : null;
    }

    private String atRegion() {
        if (!in.acceptWord(Mode.SCRIPT, "AT")) {
            return null;
        }
        in.expect(Mode.SCRIPT, ">");
        return in.name(Mode.SCRIPT).text();
    }

    private List<String> phdrs() {
        var names = new ArrayList<String>();
        while (in.accept(Mode.SCRIPT, ":")) {
            names.add(in.name(Mode.SCRIPT).text());
        }
        return names;
    }

    private Fill fill() {
        Token t = in.peek(Mode.SCRIPT);
        if (!in.accept(Mode.SCRIPT, "=")) {
            return null;
        }
        return new Fill(in.expression(), in.pos(t));
    }

    private SectionsItem overlay(Pos pos) {
        Expr address = in.peek(Mode.EXPRESSION).is(":") ? null : in.expression();
        in.expect(Mode.EXPRESSION, ":");
        boolean noCrossRefs = in.acceptWord(Mode.EXPRESSION, "NOCROSSREFS");
        Expr at = clause("AT");
        Expr subalign = clause("SUBALIGN");
        in.expect(Mode.EXPRESSION, "{");
        var members = new ArrayList<SectionsItem.OverlayMember>();
        while (!in.accept(Mode.SCRIPT, "}")) {
            members.add(member());
        }
        String region = region();
        String atRegion = atRegion();
        List<String> phdrs = phdrs();
        Fill fill = fill();
        in.accept(Mode.SCRIPT, ",");
        return new SectionsItem.Overlay(address, noCrossRefs, at, subalign, members, region, atRegion, phdrs, fill, pos);
    }

    private SectionsItem.OverlayMember member() {
        Token name = in.name(Mode.SCRIPT);
        in.expect(Mode.SCRIPT, "{");
        var items = new ArrayList<OutputItem>();
        inputs.items(items);
        in.expect(Mode.WILD, "}");
        List<String> phdrs = phdrs();
        Fill fill = fill();
        in.accept(Mode.SCRIPT, ",");
        return new SectionsItem.OverlayMember(name.text(), items, phdrs, fill, in.pos(name));
    }
}
