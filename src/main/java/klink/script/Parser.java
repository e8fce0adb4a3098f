package klink.script;

import java.util.ArrayList;
import java.util.List;
import klink.script.Command.Assign;
import klink.script.Lexer.Kind;
import klink.script.Lexer.Mode;
import klink.script.Lexer.Token;

/// The top level of the grammar. One pass over a script of 15 to 30 KB, some 5,000 tokens, no backtracking
/// beyond a token; in a cold JVM most of its time is that of loading some fifty small classes.
final class Parser {
    private final Source source;
    private final Tokens in;

    Parser(Source source, Script.Includes includes) {
        this.source = source;
        this.in = new Tokens(source, includes);
    }

    Script script() {
        var commands = new ArrayList<Command>();
        commands(commands);
        return new Script(source.name(), commands);
    }

    private void commands(List<Command> out) {
        while (true) {
            Token t = in.peek(Mode.SCRIPT);
            if (t.kind() == Kind.END) {
                return;
            }
            if (in.accept(Mode.SCRIPT, ";")) {
                continue;
            }
            if (in.acceptWord(Mode.SCRIPT, "INCLUDE")) {
                in.include(() -> commands(out));
                continue;
            }
            out.add(command());
        }
    }

    private Command command() {
        Token t = in.next(Mode.SCRIPT);
        Pos pos = in.pos(t);
        if (t.kind() == Kind.NAME) {
            Command c = keyword(t, pos);
            if (c != null) {
                return c;
            }
        }
        if (!t.isName()) {
            throw in.unexpected("a command or an assignment", t);
        }
        Assign a = assignment(in, t, Mode.SCRIPT);
        if (a == null) {
            throw notACommand(in, t, "command");
        }
        return a;
    }

    /// The command of this word, its own tokens read; null if the word is not one.
    private Command keyword(Token t, Pos pos) {
        return switch (t.text()) {
            case "SECTIONS" -> sections(pos);
            case "PHDRS" -> phdrs(pos);
            case "MEMORY" -> memory(pos);
            case "ENTRY" -> new Command.Entry(in.nameInParentheses(Mode.SCRIPT), pos);
            case "OUTPUT_FORMAT" -> outputFormat(pos);
            case "OUTPUT_ARCH" -> new Command.OutputArch(in.nameInParentheses(Mode.FILES), pos);
            case "ASSERT" -> assertion(in, pos);
            case "EXTERN" -> {
                in.expect(Mode.SCRIPT, "(");
                yield new Command.Extern(in.names(Mode.EXPRESSION), pos);
            }
            case "NOCROSSREFS", "NOCROSSREFS_TO" -> {
                in.expect(Mode.SCRIPT, "(");
                yield new Command.NoCrossRefs(t.text().endsWith("TO"), in.names(Mode.FILES), pos);
            }
            case "INSERT" -> insert(pos);
            case "VERSION" -> {
                in.skipBraces();
                yield new Command.VersionScript(pos);
            }
            default -> files(t, pos);
        };
    }

    /// Commands about files, and switches.
    private Command files(Token t, Pos pos) {
        return switch (t.text()) {
            case "TARGET" -> new Command.Target(in.nameInParentheses(Mode.FILES), pos);
            case "SEARCH_DIR" -> new Command.SearchDir(in.nameInParentheses(Mode.FILES), pos);
            case "OUTPUT" -> new Command.Output(in.nameInParentheses(Mode.FILES), pos);
            case "STARTUP" -> new Command.Startup(in.nameInParentheses(Mode.FILES), pos);
            case "INPUT", "GROUP" -> {
                var list = new ArrayList<Command.InputFile>();
                in.expect(Mode.FILES, "(");
                inputFiles(list, false);
                yield new Command.Input(t.text().equals("GROUP"), list, pos);
            }
            case "REGION_ALIAS" -> regionAlias(pos);
            case "LD_FEATURE", "MAP" -> new Command.Switch(Command.Switch.Kind.valueOf(t.text()),
                    in.nameInParentheses(Mode.FILES), pos);
            case "FORCE_COMMON_ALLOCATION", "INHIBIT_COMMON_ALLOCATION", "FORCE_GROUP_ALLOCATION" ->
                    new Command.Switch(Command.Switch.Kind.valueOf(t.text()), null, pos);
            case "HLL", "SYSLIB", "FLOAT", "NOFLOAT" -> throw in.error(t.text() + " is obsolete and not supported", t);
            default -> null;
        };
    }

    private Command outputFormat(Pos pos) {
        in.expect(Mode.FILES, "(");
        String name = in.name(Mode.FILES).text();
        String big = name;
        String little = name;
        if (in.accept(Mode.FILES, ",")) {
            big = in.name(Mode.FILES).text();
            in.expect(Mode.FILES, ",");
            little = in.name(Mode.FILES).text();
        }
        in.expect(Mode.FILES, ")");
        return new Command.OutputFormat(name, big, little, pos);
    }

    private Command insert(Pos pos) {
        Token where = in.next(Mode.SCRIPT);
        if (!where.isWord("AFTER") && !where.isWord("BEFORE")) {
            throw in.unexpected("AFTER or BEFORE", where);
        }
        return new Command.Insert(where.text().equals("AFTER"), in.name(Mode.SCRIPT).text(), pos);
    }

    private Command regionAlias(Pos pos) {
        in.expect(Mode.FILES, "(");
        String alias = in.name(Mode.FILES).text();
        in.expect(Mode.FILES, ",");
        String region = in.name(Mode.FILES).text();
        in.expect(Mode.FILES, ")");
        return new Command.RegionAlias(alias, region, pos);
    }

    private void inputFiles(List<Command.InputFile> out, boolean asNeeded) {
        while (!in.accept(Mode.FILES, ")")) {
            if (in.accept(Mode.FILES, ",")) {
                continue;
            }
            Token t = in.name(Mode.FILES);
            if (t.isWord("AS_NEEDED")) {
                if (asNeeded) {
                    throw in.error("AS_NEEDED inside AS_NEEDED", t);
                }
                in.expect(Mode.FILES, "(");
                inputFiles(out, true);
            } else if (t.kind() == Kind.NAME && t.text().startsWith("-l") && t.text().length() > 2) {
                out.add(new Command.InputFile(t.text().substring(2), true, asNeeded, in.pos(t)));
            } else {
                out.add(new Command.InputFile(t.text(), false, asNeeded, in.pos(t)));
            }
        }
    }

    private Command sections(Pos pos) {
        in.expect(Mode.SCRIPT, "{");
        var items = new ArrayList<SectionsItem>();
        new SectionsParser(in).items(items);
        in.expect(Mode.SCRIPT, "}");
        return new Command.Sections(items, pos);
    }

    private Command phdrs(Pos pos) {
        in.expect(Mode.SCRIPT, "{");
        var entries = new ArrayList<Command.Phdr>();
        while (!in.accept(Mode.SCRIPT, "}")) {
            entries.add(phdr());
        }
        return new Command.Phdrs(entries, pos);
    }

    private Command.Phdr phdr() {
        Token name = in.name(Mode.SCRIPT);
        Expr type = segmentType(in.expression());
        boolean filehdr = false;
        boolean phdrs = false;
        Expr at = null;
        Expr flags = null;
        while (!in.accept(Mode.EXPRESSION, ";")) {
            Token q = in.next(Mode.EXPRESSION);
            switch (q.text()) {
                case "FILEHDR" -> filehdr = true;
                case "PHDRS" -> phdrs = true;
                case "AT" -> at = in.expressionInParentheses();
                case "FLAGS" -> flags = in.expressionInParentheses();
                default -> throw in.unexpected("FILEHDR, PHDRS, AT(...), FLAGS(...) or ';'", q);
            }
        }
        return new Command.Phdr(name.text(), type, filehdr, phdrs, at, flags, in.pos(name));
    }

    /// gABI chapter 5, p_type.
    private static Expr segmentType(Expr type) {
        if (!(type instanceof Expr.Symbol s)) {
            return type;
        }
        long value = switch (s.name()) {
            case "PT_NULL" -> 0;
            case "PT_LOAD" -> 1;
            case "PT_DYNAMIC" -> 2;
            case "PT_INTERP" -> 3;
            case "PT_NOTE" -> 4;
            case "PT_SHLIB" -> 5;
            case "PT_PHDR" -> 6;
            case "PT_TLS" -> 7;
            case "PT_GNU_EH_FRAME" -> 0x6474e550;
            case "PT_GNU_STACK" -> 0x6474e551;
            case "PT_GNU_RELRO" -> 0x6474e552;
            case "PT_GNU_PROPERTY" -> 0x6474e553;
            default -> throw new ScriptError("unknown segment type " + s.name() + " (a number is always possible)",
                    s.pos());
        };
        return new Expr.Num(value, null, s.pos());
    }

    private Command memory(Pos pos) {
        in.expect(Mode.SCRIPT, "{");
        var regions = new ArrayList<Command.Region>();
        regions(regions);
        in.expect(Mode.SCRIPT, "}");
        return new Command.Memory(regions, pos);
    }

    private void regions(List<Command.Region> out) {
        while (true) {
            Token t = in.peek(Mode.SCRIPT);
            if (t.is("}") || t.kind() == Kind.END) {
                return;
            }
            if (in.accept(Mode.SCRIPT, ",") || in.accept(Mode.SCRIPT, ";")) {
                continue;
            }
            if (in.acceptWord(Mode.SCRIPT, "INCLUDE")) {
                in.include(() -> regions(out));
                continue;
            }
            out.add(region());
        }
    }

    private Command.Region region() {
        Token name = in.name(Mode.EXPRESSION);
        var attributes = new StringBuilder();
        if (in.accept(Mode.EXPRESSION, "(")) {
            while (!in.accept(Mode.EXPRESSION, ")")) {
                Token a = in.next(Mode.EXPRESSION);
                if (!a.isName() && !a.is("!")) {
                    throw in.unexpected("attribute letters", a);
                }
                attributes.append(a.text());
            }
        }
        in.expect(Mode.EXPRESSION, ":");
        Expr origin = regionValue("ORIGIN", "org", "o");
        in.accept(Mode.EXPRESSION, ",");
        Expr length = regionValue("LENGTH", "len", "l");
        return new Command.Region(name.text(), attributes.toString(), origin, length, in.pos(name));
    }

    private Expr regionValue(String word, String shorter, String shortest) {
        Token t = in.next(Mode.EXPRESSION);
        if (!t.isWord(word) && !t.isWord(shorter) && !t.isWord(shortest)) {
            throw in.unexpected(word, t);
        }
        in.expect(Mode.EXPRESSION, "=");
        return in.expression();
    }

    /// `ASSERT` has been read.
    static Command.Assert assertion(Tokens in, Pos pos) {
        in.expect(Mode.EXPRESSION, "(");
        Expr condition = in.expression();
        in.expect(Mode.EXPRESSION, ",");
        Token message = in.name(Mode.EXPRESSION);
        in.expect(Mode.EXPRESSION, ")");
        return new Command.Assert(condition, message.text(), pos);
    }

    /// The assignment that starts with the name `t`, which has been read, to its `;` or `,`. Null if
    /// it is none.
    static Assign assignment(Tokens in, Token t, Mode mode) {
        Assign.Kind kind = t.kind() != Kind.NAME ? null : switch (t.text()) {
            case "PROVIDE" -> Assign.Kind.PROVIDE;
            case "PROVIDE_HIDDEN" -> Assign.Kind.PROVIDE_HIDDEN;
            case "HIDDEN" -> Assign.Kind.HIDDEN;
            default -> null;
        };
        Assign a;
        if (kind != null && in.accept(mode, "(")) {
            Token target = in.name(mode);
            String op = in.acceptAssignment();
            if (op == null || !op.equals("=")) {
                throw in.unexpected("'=' with spaces around it", in.peek(mode));
            }
            if (target.text().equals(".")) {
                throw in.error("the location counter cannot be in " + t.text(), target);
            }
            a = new Assign(target.text(), op, in.expression(), kind, in.pos(target));
            in.expect(Mode.EXPRESSION, ")");
        } else {
            String op = in.acceptAssignment();
            if (op == null) {
                return null;
            }
            a = plain(in, t, op);
        }
        if (!in.accept(Mode.EXPRESSION, ";") && !in.accept(Mode.EXPRESSION, ",")) {
            throw in.unexpected("';' after the assignment", in.peek(Mode.EXPRESSION));
        }
        return a;
    }

    private static Assign plain(Tokens in, Token t, String op) {
        Pos pos = in.pos(t);
        Expr value = in.expression();
        if (!op.equals("=")) {
            Expr old = t.text().equals(".") ? new Expr.Dot(pos) : new Expr.Symbol(t.text(), pos);
            value = new Expr.Binary(ExprParser.operator(op.substring(0, op.length() - 1)), old, value, pos);
        }
        return new Assign(t.text(), op, value, Assign.Kind.PLAIN, pos);
    }

    /// A name that starts nothing. If it swallowed an operator, that is the likely mistake.
    static ScriptError notACommand(Tokens in, Token t, String wanted) {
        int eq = t.text().indexOf('=');
        if (eq > 0) {
            return in.error("'" + t.text() + "' is one name here: write spaces around '='", t);
        }
        if (t.text().endsWith(":")) {
            return in.error("'" + t.text() + "' is one name here: write a space before ':'", t);
        }
        return in.error("unknown " + wanted + " '" + t.text() + "'", t);
    }
}
