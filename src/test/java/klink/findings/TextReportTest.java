package klink.findings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import klink.kernel.Kernel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The text that people read, of objects that gcc compiled.
class TextReportTest {
    @TempDir
    Path dir;

    private static String text(Findings findings, boolean all) {
        var bytes = new ByteArrayOutputStream();
        new TextReport(new PrintStream(bytes, true, StandardCharsets.UTF_8), all).print(findings);
        return bytes.toString(StandardCharsets.UTF_8);
    }

    /// The `>>>` lines below the message that ends like this.
    private static List<String> below(String text, String message) {
        var lines = new ArrayList<String>();
        boolean in = false;
        for (String line : text.lines().toList()) {
            if (!line.startsWith(">>> ")) {
                in = line.endsWith(message);
            } else if (in) {
                lines.add(line.substring(4));
            }
        }
        return lines;
    }

    private static String at(String file, String source, String mark) {
        return file + ":" + Compiled.line(source, mark) + ", ";
    }

    @Test
    void firstTheKernelsOwnWordsThenPlacesWithLinesAndTheChain() throws Exception {
        var c = new Compiled(dir);
        String text = text(c.findings(c.driver("-g"), Kernel.V6_1), false);
        assertTrue(text.startsWith("WARNING: modpost: vmlinux.o: section mismatch in reference: probe (section: .text) -> setup (section: .init.text)\n>>> "), text);
        List<String> probe = below(text, " probe (section: .text) -> setup (section: .init.text)");
        String d = Compiled.DRIVER;
        assertTrue(probe.get(0).startsWith("referenced at " + at("drivers/a.c", d, "probe -> setup") + "drivers/a.o:(.text+0x"), probe.get(0));
        assertTrue(probe.get(1).equals("setup is defined at " + at("core/b.c", Compiled.CORE, "setup") + "core/b.o:(.init.text+0x0)"), probe.get(1));
        assertTrue(probe.get(2).startsWith("probe is used by start at " + at("drivers/a.c", d, "start -> probe") + "drivers/a.o:(.text+0x"), probe.get(2));
        assertEquals("start is used by entry at " + at("drivers/a.c", d, "entry") + "drivers/a.o:(.data+0x8)", probe.get(3));
        assertTrue(probe.get(4).startsWith("try: ") && probe.get(4).contains("__init"), probe.get(4));
    }

    @Test
    void dataIsShownWhereItIsDeclared() throws Exception {
        var c = new Compiled(dir);
        List<String> table = below(text(c.findings(c.driver("-g"), Kernel.V6_1), false), " my_table (section: .data) -> limit (section: .init.data)");
        assertEquals("referenced at " + at("drivers/a.c", Compiled.DRIVER, "my_table") + "drivers/a.o:(.data+0x0)", table.get(0));
        assertEquals("limit is defined at " + at("core/b.c", Compiled.CORE, "limit") + "core/b.o:(.init.data+0x0)", table.get(1));
    }

    @Test
    void ofManyReferencesThreeAreShownAndAllWithAll() throws Exception {
        var c = new Compiled(dir);
        Findings findings = c.findings(c.driver("-g"), Kernel.V6_12);
        assertEquals(7, findings.count());
        assertEquals(7, findings.mismatches());
        for (boolean all : List.of(false, true)) {
            String text = text(findings, all);
            assertEquals(7, text.lines().filter(l -> l.startsWith("WARNING: modpost: vmlinux: section mismatch in reference: ")).count(), "as often as modpost: " + text);
            List<String> many = text.lines().filter(l -> l.contains("drivers/a.c:") && l.contains("referenced at") && number(l) >= Compiled.line(Compiled.DRIVER, "many 1")
                    && number(l) <= Compiled.line(Compiled.DRIVER, "many 5")).toList();
            assertEquals(all ? 5 : 3, many.size(), text);
            assertEquals(!all, text.contains("\n>>> 2 more references (--all lists them)\n"), text);
            for (int i = 0; i < many.size(); i++) {
                assertEquals(Compiled.line(Compiled.DRIVER, "many " + (i + 1)), number(many.get(i)));
            }
        }
    }

    private static int number(String line) {
        int colon = line.indexOf("a.c:") + 4;
        return Integer.parseInt(line.substring(colon, line.indexOf(',', colon)));
    }

    @Test
    void inlinedCodeIsShownWithTheLineThatCallsIt() throws Exception {
        var c = new Compiled(dir);
        c.compile("inc/part.c", "\n"); // makes the directory
        java.nio.file.Files.writeString(dir.resolve("inc/part.h"), """
                extern int setup(int);
                static inline __attribute__((always_inline)) int twice(int n)
                {
                	return setup(n) + n; /* in the header */
                }
                """);
        String source = """
                #include "inc/part.h"
                int user(int n)
                {
                	return twice(n) * 3; /* calls it */
                }
                """;
        Findings findings = c.findings(List.of(c.compile("a.c", source, "-g", "-I."), c.compile("core/b.c", Compiled.CORE, "-g")), Kernel.V6_1);
        assertTrue(text(findings, false).contains("\n>>> referenced at inc/part.h:4 inlined at a.c:4, a.o:(.text+0x"), text(findings, false));
    }

    @Test
    void withoutDebugInformationPlacesHaveNoLines() throws Exception {
        var c = new Compiled(dir);
        String text = text(c.findings(c.driver(), Kernel.V6_1), false);
        assertTrue(text.contains("\n>>> setup is defined at core/b.o:(.init.text+0x0)\n"), text);
        assertFalse(text.contains(".c:"), text);
    }

    @Test
    void theReasonFollowsItsFindingAndIsNotCountedAgain() throws Exception {
        var c = new Compiled(dir);
        Path object = c.compile("t.c", "asm(\".section __ex_table,\\\"a\\\"\\n.long place - .\\n.data\\nplace: .long 0\\n\");\n");
        Findings findings = c.findings(List.of(object), Kernel.V6_1);
        String text = text(findings, false);
        assertEquals(1, findings.count(), text);
        assertTrue(findings.hasErrors());
        List<String> lines = text.lines().toList();
        assertTrue(lines.get(0).startsWith("WARNING: modpost: vmlinux.o(__ex_table+0x0): Section mismatch in reference"), text);
        assertEquals("ERROR: modpost: __ex_table+0x0 references non-executable section '.data'", lines.get(1));
        assertTrue(lines.get(2).startsWith(">>> referenced at "), text);
    }

    @Test
    void aFindingWithoutAReferenceHasAPlaceToo() throws Exception {
        var c = new Compiled(dir);
        Path object = c.compile("t.c", "int everywhere; /* common */\n", "-fcommon", "-g");
        String text = text(c.findings(List.of(object), Kernel.V6_1), false);
        assertTrue(text.startsWith("WARNING: modpost: \"everywhere\" [vmlinux] is COMMON symbol\n>>> at "), text);
    }

    @Test
    void objectsInOtherPlacesKeepTheirNames() throws Exception {
        var sources = new Sources(Path.of("out/linux"), null);
        var file = klink.input.ObjectFile.synthetic("out/linux/drivers/a.o", klink.elf.Elf.EM_X86_64, ".x", 1, 2, 1);
        assertEquals("drivers/a.o", sources.object(file));
        assertEquals("out/linux2/a.o", sources.object(klink.input.ObjectFile.synthetic("out/linux2/a.o", klink.elf.Elf.EM_X86_64, ".x", 1, 2, 1)));
    }
}
