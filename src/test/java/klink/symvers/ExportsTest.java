package klink.symvers;

import static klink.symvers.ExportBench.function;
import static klink.symvers.ExportBench.variable;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import klink.oracle.Modpost;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Exports as modpost finds them: the same lines, the same source, the same words, from the objects one by one as from the
/// merged `vmlinux.o`.
class ExportsTest {
    private static final String SIX_1 = "6.1";
    private static final String SIX_12 = "6.12";

    @TempDir
    Path dir;

    /// modpost and klink write and say the same, and nobody finds fault.
    private static void same(ExportBench bench) {
        Modpost.Verdict said = bench.modpost();
        assertEquals(List.of(), said.messages());
        assertEquals(0, said.status());
        for (int threads : new int[] {1, 3}) {
            var klink = bench.klink(false, threads);
            assertEquals(bench.text("vmlinux.symvers"), klink.symvers());
            assertEquals(bench.text(".vmlinux.export.c"), klink.source());
            assertEquals(List.of(), klink.messages());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {SIX_1, SIX_12})
    void licensesNamespacesAndKinds(String version) {
        var bench = new ExportBench(version, dir);
        bench.assemble("a.o", function("run") + variable("state") + bench.export("run", false, "") + bench.export("state", true, "")
            + function("walk") + bench.export("walk", true, "SPACE") + bench.export("label", false, "OTHER_SPACE") + ".globl label\nlabel: nop\n");
        bench.assemble("plain.o", function("unexported"));
        bench.assemble("b.o", bench.export("elsewhere", false, "") + ".weak soft\n.type soft, @function\nsoft: ret\n" + bench.export("soft", true, "A")
            + ".hidden veiled\n.globl veiled\nveiled: nop\n" + bench.export("veiled", false, ""));
        bench.assemble("c.o", function("elsewhere"));
        same(bench);
        assertTrue(bench.text("vmlinux.symvers").contains("\twalk\tvmlinux\tEXPORT_SYMBOL_GPL\tSPACE\n"));
    }

    @ParameterizedTest
    @ValueSource(strings = {SIX_1, SIX_12})
    void nothingExported(String version) throws Exception {
        var bench = new ExportBench(version, dir);
        bench.assemble("a.o", function("run"));
        same(bench);
        assertEquals(0, Files.size(dir.resolve("vmlinux.symvers")));
    }

    /// GNU ld copies the symbols of files with notes first, by name of the note; the order shows in 6.1 only.
    @ParameterizedTest
    @ValueSource(strings = {SIX_1, SIX_12})
    void filesWithNotesComeFirst(String version) {
        var bench = new ExportBench(version, dir);
        String linux = "        .section .note.Linux, \"a\", @note\n        .long 6, 4, 1\n        .asciz \"Linux\"\n        .balign 4\n        .long 7\n        .text\n";
        String property = "        .section .note.gnu.property, \"a\", @note\n        .balign 8\n        .long 4, 16, 5\n        .asciz \"GNU\"\n"
            + "        .long 0xc0000002, 4, 3, 0\n        .text\n";
        bench.assemble("a.o", function("a") + bench.export("a", false, ""));
        bench.assemble("b.o", property + function("b") + bench.export("b", false, ""));
        bench.assemble("c.o", linux.replace("Linux,", "Xen,") + function("c") + bench.export("c", false, ""));
        bench.assemble("d.o", linux + function("d") + bench.export("d", false, ""));
        bench.assemble("e.o", property + function("e") + bench.export("e", false, ""));
        bench.assemble("f.o", linux.replace("Linux,", "Xen,") + function("f") + bench.export("f", false, ""));
        bench.assemble("g.o", linux.replace("\"a\", @note", "\"\", @note") + function("g") + bench.export("g", false, ""));
        same(bench);
        String lines = bench.text("vmlinux.symvers");
        assertEquals(version.equals(SIX_1), lines.indexOf("\tc\t") < lines.indexOf("\ta\t"), lines);
    }

    /// Property notes are merged into one, which may be none.
    @ParameterizedTest
    @ValueSource(strings = {"0xc0000002 b", "0xc0000002 abc", "0xc0008002 b", "0xc0008002 bc", "0xc0010002 bc", "0xc0010002 abc"})
    void propertyNotes(String propertyAndFiles) {
        var bench = new ExportBench(SIX_1, dir);
        String property = "        .section .note.gnu.property, \"a\", @note\n        .balign 8\n        .long 4, 16, 5\n        .asciz \"GNU\"\n"
            + "        .long " + propertyAndFiles.substring(0, 10) + ", 4, 3, 0\n        .text\n";
        for (String name : List.of("a", "b", "c")) {
            String note = name.equals("c") ? "        .section .note.Xen, \"a\", @note\n        .long 4, 4, 1\n        .asciz \"Xen\"\n        .long 7\n        .text\n" : "";
            bench.assemble(name + ".o", function(name) + note + (propertyAndFiles.substring(11).contains(name) ? property : "") + bench.export(name, false, ""));
        }
        same(bench);
    }

    /// modpost cuts `.DIGITS` off names before it looks at them.
    @ParameterizedTest
    @ValueSource(strings = {SIX_1, SIX_12})
    void namesAreCutAtNumbers(String version) {
        var bench = new ExportBench(version, dir);
        String text = "";
        for (String name : List.of("plain.12", "twice.3.4", "part.7.constprop.0", "kept.part", "kept2.x3", "dot.", "many.0123456789.z")) {
            text += function(name) + bench.export(name, false, "");
        }
        bench.assemble("a.o", text);
        same(bench);
        assertTrue(bench.text("vmlinux.symvers").contains("\tplain\t"));
    }

    @ParameterizedTest
    @ValueSource(strings = {SIX_1, SIX_12})
    void randomObjectsInRandomOrder(String version) throws Exception {
        for (int seed = 0; seed < 12; seed++) {
            var random = new Random(seed);
            var bench = new ExportBench(version, Files.createDirectory(dir.resolve("seed" + seed)));
            int next = 0;
            for (int o = 0; o < 1 + random.nextInt(6); o++) {
                var text = new StringBuilder();
                for (int e = random.nextInt(8); e > 0; e--) {
                    String name = (char) ('a' + random.nextInt(26)) + "_" + next++;
                    text.append(random.nextBoolean() ? function(name) : variable(name));
                    text.append(random.nextInt(4) == 0 ? "" : bench.export(name, random.nextBoolean(), random.nextInt(3) == 0 ? "NS" + random.nextInt(3) : ""));
                }
                bench.assemble("o" + o + ".o", text.toString());
            }
            try {
                same(bench);
            } catch (AssertionError e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {SIX_1, SIX_12})
    void exportedTwiceIsAnErrorInModpostsWords(String version) {
        var bench = new ExportBench(version, dir);
        bench.assemble("a.o", function("twice") + bench.export("twice", false, "") + function("once") + bench.export("once", true, ""));
        bench.assemble("b.o", bench.export("twice", true, "") + function("other") + bench.export("other", false, ""));
        bench.assemble("c.o", bench.export("twice", false, "NS"));
        Modpost.Verdict said = bench.modpost();
        assertEquals(1, said.status());
        assertEquals(2, said.messages().size());
        var klink = bench.klink(false, 2);
        assertEquals(said.messages(), klink.messages());
        var violation = klink.exports().violations().getFirst();
        assertEquals("duplicate-export", violation.rule());
        assertEquals(bench.shop.path("b.o").toString(), violation.from().object());
        assertEquals(bench.shop.path("a.o").toString(), violation.to().object());
        assertFalse(Files.exists(dir.resolve("vmlinux.symvers")), "modpost writes nothing after an error");
    }

    /// On ppc64 `.X` is the code of the function `X`, and modpost takes them for one.
    @ParameterizedTest
    @ValueSource(strings = {SIX_1, SIX_12})
    void aDotBeforeTheNameDoesNotCount(String version) {
        var bench = new ExportBench(version, dir);
        bench.assemble("a.o", function("X") + bench.export("X", false, "") + function(".X") + bench.export(".X", false, ""));
        Modpost.Verdict said = bench.modpost();
        assertFalse(said.messages().isEmpty());
        assertEquals(said.messages(), bench.klink(false, 1).messages());
    }

    @Test
    void namespaceOfWhatIsNotExported() {
        var bench = new ExportBench(SIX_1, dir);
        bench.assemble("a.o", function("a") + bench.export("a", false, "ONE") + ".section __ksymtab_strings, \"aMS\", %progbits, 1\n"
            + "__kstrtabns_nobody: .asciz \"LONELY\"\n");
        Modpost.Verdict said = bench.modpost();
        assertEquals(1, said.messages().size());
        assertEquals(said.messages(), bench.klink(false, 1).messages());
    }

    /// What a namespace belongs to goes by name, over all objects.
    @Test
    void namespaceInAnotherObject() {
        var bench = new ExportBench(SIX_1, dir);
        String strings = ".section __ksymtab_strings, \"aMS\", %progbits, 1\n";
        bench.assemble("a.o", function("a") + function("b") + ".section ___ksymtab+a, \"a\"\n__ksymtab_a: .long a - .\n.section ___ksymtab_gpl+b, \"a\"\n__ksymtab_b: .long b - .\n"
            + strings + "__kstrtabns_b: .asciz \"FROM_A\"\n");
        bench.assemble("b.o", strings + "__kstrtabns_a: .asciz \"FROM_B\"\n");
        same(bench);
        assertTrue(bench.text("vmlinux.symvers").contains("FROM_A") && bench.text("vmlinux.symvers").contains("FROM_B"));
    }

    /// Symbols that only look like entries: in another section, undefined, absolute.
    @Test
    void lookalikes() {
        var bench = new ExportBench(SIX_1, dir);
        bench.assemble("a.o", function("a") + bench.export("a", false, "") + """
                    .section .rodata
            __ksymtab_other: .long 0
                    .section ___ksymtab, "a"
            __ksymtab_none: .long 0
                    .section ___ksymtab_unused+u, "a"
            __ksymtab_u: .long 0
                    .section ___ksymtab+late, "a"
            __ksymtab_late: .long 0
            something: .long 0
                    .globl __ksymtab_open
                    .section ___ksymtab_gpl+open, "a"
            __ksymtab_open: .long 0
                    .set __ksymtab_abs, 12
                    .data
                    .quad __ksymtab_undefined, __ksymtab_abs
            """);
        bench.assemble("b.o", function("b") + bench.export("b", true, ""));
        same(bench);
        assertTrue(bench.text("vmlinux.symvers").contains("\topen\t") && bench.text("vmlinux.symvers").contains("\tlate\t"));
    }

    @Test
    void recordsThatAreNotRight() {
        var bench = new ExportBench(SIX_12, dir);
        bench.assemble("a.o", function("good") + function("named") + function("free") + """
                    .section .export_symbol, "a"
            __export_symbol_local:
                    .asciz ""
                    .asciz ""
                    .balign 8
                    .quad local
            __export_symbol_wrong:
                    .asciz ""
                    .asciz ""
                    .balign 8
                    .quad named
            __export_symbol_free:
                    .asciz "BSD"
                    .asciz ""
                    .balign 8
                    .quad free
            strange:
                    .asciz ""
                    .balign 8
                    .quad good
            __export_symbol_section:
                    .asciz "GPL"
                    .asciz ""
                    .balign 8
                    .quad .data
                    .text
            local:  ret
            """ + bench.export("good", false, "") + ".section .init.text, \"ax\"\n" + function("early") + bench.export("early", false, "")
            + ".section .exit.data, \"aw\"\n.globl late\nlate: .quad 0\n" + bench.export("late", true, ""));
        Modpost.Verdict said = bench.modpost();
        assertEquals(1, said.status());
        assertEquals(7, said.messages().size(), said.messages().toString());
        assertEquals(said.messages().stream().sorted().toList(), bench.klink(false, 2).messages().stream().sorted().toList());
    }

    /// A record may stand under several labels; the first in the table is its name.
    @Test
    void labelsAtOneAddress() {
        var bench = new ExportBench(SIX_12, dir);
        bench.assemble("a.o", function("a") + function("b") + """
                    .section .export_symbol, "a"
                    .balign 8
            __export_symbol_b:
            also_b:
            .Lhere:
                    .asciz ""
                    .asciz "N"
            .Linside:
                    .balign 8
                    .quad b
            """ + bench.export("a", false, ""));
        same(bench);
    }
}
