package klink.script;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every message, where it points, and that damaged scripts give nothing worse.
class ScriptErrorTest {
    record Case(String script, String message, int column) {}

    static List<Case> cases() {
        return List.of(
            new Case("FROB(x)",
                "unknown command 'FROB'", 1),
            new Case("x=1;",
                "'x=1' is one name here: write spaces around '='", 1),
            new Case("x = 1",
                "expected ';' after the assignment, found the end of the file", 6),
            new Case("x = 1 y = 2;",
                "expected ';' after the assignment, found 'y'", 7),
            new Case("x = ;",
                "expected an expression, found ';'", 5),
            new Case("x = (1;",
                "expected ')', found ';'", 7),
            new Case("x = FOO(1);",
                "unknown function FOO", 5),
            new Case("x = 1 ? 2;",
                "expected ':', found ';'", 10),
            new Case("x = CONSTANT(PAGE);",
                "unknown constant PAGE: it is MAXPAGESIZE or COMMONPAGESIZE", 5),
            new Case("x = @;",
                "unexpected character '@'", 5),
            new Case("x = \"a;",
                "no closing quote", 5),
            new Case("x = 1; /* no",
                "no end of comment", 8),
            new Case("SECTIONS { .text: { } }",
                "'.text:' is one name here: write a space before ':'", 12),
            new Case("SECTIONS { .text { } }",
                "unknown command or section without ':' '.text'", 12),
            new Case("SECTIONS { .a : { *(.x) }",
                "expected '}', found the end of the file", 26),
            new Case("SECTIONS { .a : { *(.x }",
                "expected a name, found '}'", 24),
            new Case("SECTIONS { .a : { x=.; } }",
                "'x=.' is one name here: write spaces around '='", 19),
            new Case("SECTIONS { .a : { *(SORT(SORT_BY_INIT_PRIORITY(.x))) } }",
                "SORT_BY_INIT_PRIORITY cannot stand inside SORT", 26),
            new Case("SECTIONS { .a : { SORT_BY_ALIGNMENT(*)(.x) } }",
                "files can be sorted by name only", 19),
            new Case("SECTIONS { .a : { INPUT_SECTION_FLAGS(SHF_X) *(.x) } }",
                "unknown section flag SHF_X", 39),
            new Case("SECTIONS { .a (TYPE = SHT_X) : { } }",
                "unknown section type SHT_X (a number is always possible)", 23),
            new Case("SECTIONS { . : { PROVIDE(. = 1); } }",
                "the location counter cannot be in PROVIDE", 26),
            new Case("PHDRS { t PT_FOO; }",
                "unknown segment type PT_FOO (a number is always possible)", 11),
            new Case("PHDRS { t PT_LOAD FLAG(5); }",
                "expected FILEHDR, PHDRS, AT(...), FLAGS(...) or ';', found 'FLAG'", 19),
            new Case("MEMORY { r : LENGTH = 1 }",
                "expected ORIGIN, found 'LENGTH'", 14),
            new Case("INSERT .text",
                "expected AFTER or BEFORE, found '.text'", 8),
            new Case("HLL(x)",
                "HLL is obsolete and not supported", 1),
            new Case("INCLUDE nowhere.lds",
                "cannot find included script nowhere.lds", 9),
            new Case("VERSION { { }",
                "no closing brace", 9));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void message(Case c) {
        var e = assertThrows(ScriptError.class, () -> ParserTest.parse(c.script));
        assertEquals(c.message, e.getMessage());
        assertEquals(c.column, e.pos().column(), "column");
    }

    @Test
    void showsLineAndCaret() {
        var e = assertThrows(ScriptError.class, () -> ParserTest.parse("a = 1;\nSECTIONS {\n\t.text : { *(.text) } :\n}\n"));
        assertEquals("""
            klink: error: expected a name, found '}'
            >>> t.lds:4
            >>>   }
            >>>   ^""", e.finding().text());
        var f = assertThrows(ScriptError.class, () -> ParserTest.parse("\nabc = 1 + * 2;\n"));
        assertEquals("""
            klink: error: expected an expression, found '*'
            >>> t.lds:2
            >>>   abc = 1 + * 2;
            >>>             ^""", f.finding().text());
    }

    @Test
    void errorInIncludedFileNamesThatFile() {
        var e = assertThrows(ScriptError.class, () -> Script.parse(source("SECTIONS { INCLUDE in.lds }"),
                name -> ParserTest.source(name, "\n.a : { } }")));
        assertEquals("in.lds:2", e.pos().where());
        assertEquals("expected the end of the included file, found '}'", e.getMessage());
    }

    @Test
    void endlessInclusionEnds() {
        var e = assertThrows(ScriptError.class,
                () -> Script.parse(source("INCLUDE self"), name -> ParserTest.source(name, "INCLUDE self")));
        assertEquals("INCLUDE nested more than 10 deep", e.getMessage());
    }

    @Test
    void deepNestingIsAnErrorNotAnOverflow() {
        for (String s : List.of("(".repeat(100_000), "-".repeat(100_000), "1 ? ".repeat(100_000), "ALIGN(".repeat(100_000),
                "1 + ".repeat(100_000) + "1", "1 + (".repeat(100_000))) {
            var e = assertThrows(ScriptError.class, () -> ParserTest.parse("x = " + s + ";"));
            assertEquals("expression too long or nested too deeply", e.getMessage());
        }
        var e = assertThrows(ScriptError.class,
                () -> ParserTest.parse("SECTIONS { .a : { *(" + "SORT(".repeat(100_000) + " } }"));
        assertEquals("sorts nested too deeply", e.getMessage());
    }

    /// A script with one of everything, cut at every byte and with every byte replaced: it parses or it is
    /// a [ScriptError] with a place inside the text.
    @Test
    void damagedScripts() {
        String whole = SampleScript.TEXT;
        ParserTest.parse(whole);
        int errors = 0;
        for (int i = 0; i < whole.length(); i++) {
            errors += damaged(whole.substring(0, i));
            for (char c : new char[] {'(', '}', '"', ';', '*', '\0', '\u00ff', '9'}) {
                errors += damaged(whole.substring(0, i) + c + whole.substring(i + 1));
            }
        }
        assertTrue(errors > whole.length(), "cuts inside commands must be noticed: " + errors);
    }

    private static int damaged(String text) {
        try {
            ParserTest.parse(text);
            return 0;
        } catch (ScriptError e) {
            assertTrue(e.pos().offset() <= text.length() && !e.finding().text().isEmpty());
            return 1;
        }
    }

    private static Source source(String text) {
        return ParserTest.source("t.lds", text);
    }
}
