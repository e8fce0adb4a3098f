package klink.script;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/// Which sections of a real object GNU ld puts under a pattern, and which we do. Patterns with a backslash
/// outside brackets are left out: GNU ld 2.40 compares what stands before the first `*`, `?` or `[` as
/// plain text, backslash included.
@EnabledIf(value = "klink.script.LdOracle#available", disabledReason = "needs GNU ld for x86-64")
class GlobDifferentialTest {
    private static final List<String> NAMES = List.of(".t", ".t.a", ".t.", ".t..b", ".t.a.b", ".t.Z9", ".t._", ".ta", ".u/v", ".u/v/w",
            ".t-a", ".t+a", ".t+a+b", ".t.[x", ".t.]", ".t.!", ".t.^", ".t.-", ".t.b", ".t.c", ".t.aab", ".t.abab", ".t.*", ".t.?");

    private static final List<String> PATTERNS = List.of(".t", ".t*", ".t.*", ".t.[0-9a-zA-Z_]*", "*", ".t.?", ".t.??", ".*a", ".t.*b",
            ".t.*ab", ".t.*a*b", ".u*", ".u?v", ".t[+-]a", ".t.[!a]", ".t.[^a]", ".t.[]]", ".t.[]a]", ".t.[a-]", ".t.[!a-c]*", ".t.[[]x",
            ".t.[\\]]", ".t.[*?]", ".t.[", ".t.[a", "**", "*.*.*", "?t", ".t+*", ".t.[b-a]", ".t.[a-b-c]", ".t.[!]", ".t.[^^]");

    @TempDir
    Path dir;

    @Test
    void sameSections() {
        var source = new StringBuilder();
        for (int i = 0; i < NAMES.size(); i++) {
            source.append(".section \"").append(NAMES.get(i)).append("\",\"a\"\n.globl s").append(i).append("\ns").append(i)
                    .append(": .byte 1\n");
        }
        var ld = new LdOracle(dir, source.toString());
        for (String pattern : PATTERNS) {
            var link = ld.link("SECTIONS { .in : { *(\"" + pattern + "\") } .out : { *(*) } }");
            assertEquals(0, link.status(), pattern + ": " + link.output());
            var script = ParserTest.parse("SECTIONS { .in : { *(" + pattern + ") } }");
            var section = (SectionsItem.OutputSection) ((Command.Sections) script.commands().getFirst()).items().getFirst();
            Glob glob = ((OutputItem.InputSections) section.items().getFirst()).sections().getFirst().name();
            for (int i = 0; i < NAMES.size(); i++) {
                assertEquals(link.symbols().get("s" + i).section().equals(".in"), glob.matches(NAMES.get(i)),
                        pattern + " on " + NAMES.get(i));
            }
        }
    }
}
