package klink.script;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GlobTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        ".text|.text|true", ".text|.texta|false", ".text|.tex|false",
        "*|.anything|true", "*||true", "**|x|true",
        ".text.*|.text.a|true", ".text.*|.text.|true", ".text.*|.text|false",
        "___ksymtab+*|___ksymtab+printk|true", "___ksymtab+*|___ksymtab_gpl+x|false",
        ".text.[0-9a-zA-Z_]*|.text._x.y|true", ".text.[0-9a-zA-Z_]*|.text..x|false", ".text.[0-9a-zA-Z_]*|.text.|false",
        ".rel_*|.rel_x|true", ".text.*_unlikely|.text.foo_unlikely|true", ".text.*_unlikely|.text.foo_unlikely2|false",
        "*crtbegin?.o|/usr/lib/crtbeginS.o|true", "*crtbegin?.o|/usr/lib/crtbegin.o|false",
        "a*b*c|aXbYbZc|true", "a*b*c|aXbYbZ|false", "*a*a*a*b|aaaaaaaaaaaaaaaa|false",
        "[!a]x|bx|true", "[!a]x|ax|false", "[^a-c]x|dx|true", "[^a-c]x|bx|false",
        "[]a]x|]x|true", "[]a]x|ax|true", "[!]a]x|]x|false", "[a-]x|-x|true", "[a-]x|bx|false",
        "[a|[a|true", "[a|a|false", "\\*x|*x|true", "\\*x|ax|false", "[\\]]x|]x|true",
        "?|a|true", "?||false", "a?c|abc|true", "a/*|a/b/c|true",
        ".data.$__unnamed_*|.data.$__unnamed_1|true"
    })
    void matches(String pattern, String name, boolean expected) {
        assertEquals(expected, new Glob(pattern).matches(name == null ? "" : name), pattern + " on " + name);
    }

    @Test
    void knowsItsShape() {
        assertTrue(new Glob(".text").isLiteral());
        assertFalse(new Glob(".text*").isLiteral());
        assertTrue(new Glob("*").isAny());
        assertEquals(".text.", new Glob(".text.[a-z]*").literalPrefix());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", value = {
        "*crtend.o|-|/usr/lib/crtend.o|true", "*crtend.o|-|/usr/lib/crtend.obj|false",
        "lib.a:fork.o|lib.a|fork.o|true", "lib.a:fork.o|other.a|fork.o|false", "lib.a:fork.o|-|fork.o|false",
        "*lib.a:|arch/x86/lib/lib.a|memcpy.o|true", "*lib.a:|-|memcpy.o|false",
        ":fork.o|-|fork.o|true", ":fork.o|lib.a|fork.o|false", "fork.o|lib.a|fork.o|true"
    })
    void fileGlob(String pattern, String archive, String name, boolean expected) {
        assertEquals(expected, new FileGlob(pattern).matches(archive, name));
    }

    @Test
    void excludeFileAlsoTakesArchiveNames() {
        assertTrue(new FileGlob("*lib.a").excludes("arch/x86/lib/lib.a", "memcpy.o"));
        assertFalse(new FileGlob("*lib.a").matches("arch/x86/lib/lib.a", "memcpy.o"));
        assertFalse(new FileGlob("*lib.a:x.o").excludes("arch/x86/lib/lib.a", "memcpy.o"));
    }
}
