package klink.script;

import java.util.ArrayList;
import java.util.List;
import klink.script.Lexer.Kind;
import klink.script.Lexer.Mode;
import klink.script.Lexer.Token;
import klink.script.OutputItem.Data;
import klink.script.OutputItem.FilePattern;
import klink.script.OutputItem.InputSections;
import klink.script.OutputItem.Marker;
import klink.script.OutputItem.SectionPattern;
import klink.script.OutputItem.Sort;

/// The grammar inside the braces of an output section.
final class InputParser {
    private static final FileGlob ANY_FILE = new FileGlob("*");

    private final Tokens in;

    InputParser(Tokens in) {
        this.in = in;
    }

    /// Items up to a closing brace or the end of an included file, neither of which is consumed.
    void items(List<OutputItem> out) {
        while (true) {
            Token t = in.peek(Mode.WILD);
            if (t.is("}") || t.kind() == Kind.END) {
                return;
            }
            if (t.is(";") || t.isWord(",")) {
                in.next(Mode.WILD);
                continue;
            }
            if (in.acceptWord(Mode.WILD, "INCLUDE")) {
                in.include(() -> items(out));
                continue;
            }
            out.add(item());
        }
    }

    private OutputItem item() {
        Token t = in.peek(Mode.WILD);
        if (t.kind() == Kind.NAME) {
            OutputItem keyword = keyword(t);
            if (keyword != null) {
                return keyword;
            }
        }
        if (t.isName()) {
            in.next(Mode.WILD);
            OutputItem assign = Parser.assignment(in, t, Mode.WILD);
            if (assign != null) {
                return assign;
            }
            if (!in.peek(Mode.WILD).is("(") && t.text().indexOf('=') > 0) {
                throw Parser.notACommand(in, t, "statement");
            }
            return inputSections(t);
        }
        if (t.is("[")) {
            return inputSections(in.next(Mode.WILD));
        }
        throw in.unexpected("an input section description or an assignment", t);
    }

    /// The statement that starts with this word, consumed; null if the word starts none.
    private OutputItem keyword(Token t) {
        Pos pos = in.pos(t);
        return switch (t.text()) {
            case "BYTE", "SHORT", "LONG", "QUAD", "SQUAD" -> {
                in.next(Mode.WILD);
                yield new Data(Data.Size.valueOf(t.text()), in.expressionInParentheses(), pos);
            }
            case "FILL" -> {
                in.next(Mode.WILD);
                yield new OutputItem.SetFill(new Fill(in.expressionInParentheses(), pos), pos);
            }
            case "ASCIZ" -> {
                in.next(Mode.WILD);
                yield new OutputItem.Text(in.name(Mode.WILD).text(), null, pos);
            }
            case "ASCII" -> {
                in.next(Mode.WILD);
                Expr size = in.expressionInParentheses();
                yield new OutputItem.Text(in.name(Mode.WILD).text(), size, pos);
            }
            case "CONSTRUCTORS", "CREATE_OBJECT_SYMBOLS", "LINKER_VERSION" -> {
                in.next(Mode.WILD);
                yield new Marker(Marker.Kind.valueOf(t.text()), pos);
            }
            case "ASSERT" -> {
                in.next(Mode.WILD);
                yield Parser.assertion(in, pos);
            }
            default -> null;
        };
    }

    /// An input section description whose first token, `t`, has been read.
    private OutputItem inputSections(Token t) {
        Pos pos = in.pos(t);
        if (t.isWord("KEEP")) {
            in.expect(Mode.WILD, "(");
            Token inner = in.next(Mode.WILD);
            OutputItem item = specification(inner, true, pos);
            in.expect(Mode.WILD, ")");
            return item;
        }
        return specification(t, false, pos);
    }

    private OutputItem specification(Token first, boolean keep, Pos pos) {
        Token t = first;
        long required = 0;
        long forbidden = 0;
        if (t.isWord("INPUT_SECTION_FLAGS")) {
            in.expect(Mode.WILD, "(");
            do {
                Token flag = in.name(Mode.WILD);
                boolean not = flag.text().startsWith("!");
                long bits = sectionFlag(not ? flag.text().substring(1) : flag.text(), flag);
                required |= not ? 0 : bits;
                forbidden |= not ? bits : 0;
            } while (in.accept(Mode.WILD, "&"));
            in.expect(Mode.WILD, ")");
            t = in.next(Mode.WILD);
        }
        if (t.is("[")) {
            var sections = new ArrayList<SectionPattern>();
            sectionPatterns(sections, "]");
            return new InputSections(keep, required, forbidden, plainFile(ANY_FILE), sections, pos);
        }
        if (isSort(t) && in.peek(Mode.WILD).is("(")) {
            in.next(Mode.WILD);
            if (in.acceptWord(Mode.WILD, "CONSTRUCTORS")) {
                in.expect(Mode.WILD, ")");
                return new Marker(Marker.Kind.CONSTRUCTORS, pos);
            }
            return withSections(sortedFile(t), keep, required, forbidden, pos);
        }
        List<FileGlob> exclude = List.of();
        if (t.isWord("EXCLUDE_FILE") && in.peek(Mode.WILD).is("(")) {
            exclude = excluded();
            t = in.next(Mode.WILD);
        }
        if (!t.isName()) {
            throw in.unexpected("a file name pattern", t);
        }
        return withSections(new FilePattern(new FileGlob(t.text()), Sort.NONE, false, exclude),
                keep, required, forbidden, pos);
    }

    private InputSections withSections(FilePattern file, boolean keep, long required, long forbidden, Pos pos) {
        var sections = new ArrayList<SectionPattern>();
        if (in.accept(Mode.WILD, "(")) {
            sectionPatterns(sections, ")");
        }
        return new InputSections(keep, required, forbidden, file, sections, pos);
    }

    private static FilePattern plainFile(FileGlob name) {
        return new FilePattern(name, Sort.NONE, false, List.of());
    }

    /// A file pattern inside a sort, whose word and parenthesis have been read.
    private FilePattern sortedFile(Token word) {
        Sorted s = sorted(word, 1);
        if (s.sort != Sort.BY_NAME && s.sort != Sort.UNSORTED) {
            throw in.error("files can be sorted by name only", word);
        }
        return new FilePattern(new FileGlob(s.name.text()), s.sort, s.reverse, s.exclude);
    }

    private void sectionPatterns(List<SectionPattern> out, String close) {
        while (!in.accept(Mode.WILD, close)) {
            Token t = in.name(Mode.WILD);
            if (t.isWord(",")) {
                continue;
            }
            if (isSort(t) && in.peek(Mode.WILD).is("(")) {
                in.next(Mode.WILD);
                Sorted s = sorted(t, 1);
                out.add(new SectionPattern(new Glob(s.name.text()), s.sort, s.reverse, s.exclude, in.pos(t)));
            } else if (t.isWord("EXCLUDE_FILE") && in.peek(Mode.WILD).is("(")) {
                List<FileGlob> exclude = excluded();
                Token name = in.name(Mode.WILD);
                out.add(new SectionPattern(new Glob(name.text()), Sort.NONE, false, exclude, in.pos(name)));
            } else {
                out.add(new SectionPattern(glob(t), Sort.NONE, false, List.of(), in.pos(t)));
            }
        }
    }

    /// A comma is a name character among patterns, so `*(.a, .b)` would look for a section ".a,".
    /// GNU ld does; what is meant is plain.
    private static Glob glob(Token t) {
        String s = t.text();
        boolean comma = t.kind() == Kind.NAME && s.length() > 1 && s.endsWith(",");
        return new Glob(comma ? s.substring(0, s.length() - 1) : s);
    }

    /// What stands inside one or two sorts.
    private record Sorted(Token name, Sort sort, boolean reverse, List<FileGlob> exclude) {}

    /// What is inside the sort `word`, whose parenthesis has been read, to the closing one.
    private Sorted sorted(Token word, int depth) {
        if (depth > 3) {
            throw in.error("sorts nested too deeply", word);
        }
        Sort sort = sortOf(word);
        boolean reverse = word.isWord("REVERSE");
        List<FileGlob> exclude = List.of();
        Token t = in.name(Mode.WILD);
        if (isSort(t) && in.peek(Mode.WILD).is("(")) {
            in.next(Mode.WILD);
            Sorted inner = sorted(t, depth + 1);
            in.expect(Mode.WILD, ")");
            boolean reversed = reverse || inner.reverse;
            if (reverse && inner.reverse) {
                throw in.error("REVERSE inside REVERSE", t);
            }
            return new Sorted(inner.name, nested(word, sort, t, inner), sort != Sort.UNSORTED && reversed, inner.exclude);
        }
        if (t.isWord("EXCLUDE_FILE") && in.peek(Mode.WILD).is("(")) {
            exclude = excluded();
            t = in.name(Mode.WILD);
        }
        in.expect(Mode.WILD, ")");
        return new Sorted(t, sort, reverse, exclude);
    }

    /// One sort around another: the outer decides, the inner breaks ties; the same twice is once.
    private Sort nested(Token outerWord, Sort outer, Token innerWord, Sorted inner) {
        if (outerWord.isWord("REVERSE")) {
            return inner.sort;
        }
        if (innerWord.isWord("REVERSE")) {
            return outer;
        }
        if (outer == inner.sort && (outer == Sort.BY_NAME || outer == Sort.BY_ALIGNMENT)) {
            return outer;
        }
        if (outer == Sort.BY_NAME && inner.sort == Sort.BY_ALIGNMENT) {
            return Sort.BY_NAME_ALIGNMENT;
        }
        if (outer == Sort.BY_ALIGNMENT && inner.sort == Sort.BY_NAME) {
            return Sort.BY_ALIGNMENT_NAME;
        }
        throw in.error(innerWord.text() + " cannot stand inside " + outerWord.text(), innerWord);
    }

    private static boolean isSort(Token t) {
        return t.kind() == Kind.NAME && sortOf(t) != Sort.NONE;
    }

    private static Sort sortOf(Token t) {
        return switch (t.text()) {
            case "SORT", "SORT_BY_NAME", "REVERSE" -> Sort.BY_NAME;
            case "SORT_BY_ALIGNMENT" -> Sort.BY_ALIGNMENT;
            case "SORT_BY_INIT_PRIORITY" -> Sort.BY_INIT_PRIORITY;
            case "SORT_NONE" -> Sort.UNSORTED;
            default -> Sort.NONE;
        };
    }

    private List<FileGlob> excluded() {
        in.expect(Mode.WILD, "(");
        var globs = new ArrayList<FileGlob>();
        while (!in.accept(Mode.WILD, ")")) {
            globs.add(new FileGlob(in.name(Mode.WILD).text()));
        }
        return globs;
    }

    /// gABI chapter 4, sh_flags.
    private long sectionFlag(String name, Token at) {
        return switch (name) {
            case "SHF_WRITE" -> 0x1;
            case "SHF_ALLOC" -> 0x2;
            case "SHF_EXECINSTR" -> 0x4;
            case "SHF_MERGE" -> 0x10;
            case "SHF_STRINGS" -> 0x20;
            case "SHF_INFO_LINK" -> 0x40;
            case "SHF_LINK_ORDER" -> 0x80;
            case "SHF_OS_NONCONFORMING" -> 0x100;
            case "SHF_GROUP" -> 0x200;
            case "SHF_TLS" -> 0x400;
            case "SHF_COMPRESSED" -> 0x800;
            default -> throw in.error("unknown section flag " + name, at);
        };
    }
}
