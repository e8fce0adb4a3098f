package klink.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import klink.findings.Compiled;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/// `klink check` as a user runs it: exit status, what goes where, the life of a baseline, a kernel tree.
class CheckCommandTest {
    private static final String REFUSAL = "ERROR: modpost: Section mismatches detected.\nSet CONFIG_SECTION_MISMATCH_WARN_ONLY=y to allow them.\n";

    @TempDir
    Path dir;
    private Compiled compiled;
    private List<String> objects;

    @BeforeEach
    void compile() throws Exception {
        compiled = new Compiled(dir);
        objects = compiled.driver("-g").stream().map(Path::toString).toList();
    }

    private CommandLine.Result check(String options, List<String> files) {
        var words = new ArrayList<>(List.of("check"));
        words.addAll(options.isEmpty() ? List.of() : List.of(options.replace("DIR", dir.toString()).split(" ")));
        words.addAll(files);
        return CommandLine.run(words);
    }

    @Test
    void findingsGoToStandardOutputAndASummaryToStandardError() {
        CommandLine.Result r = check("--kernel=6.1", objects);
        assertEquals(0, r.status(), "mere warnings");
        assertEquals(1, check("--kernel=6.1 -E", objects).status());
        assertTrue(r.out().startsWith("WARNING: modpost: vmlinux.o: section mismatch in reference: probe (section: .text) -> setup (section: .init.text)\n"), r.out());
        assertTrue(r.err().matches("klink: 2 objects, \\d+ references, 7 section mismatches\n"), r.err());
    }

    @Test
    void withoutFindingsItIsQuiet() throws Exception {
        CommandLine.Result r = check("", List.of(compiled.compile("fine.c", "int fine;\n").toString()));
        assertEquals("", r.out());
        assertEquals("klink: 1 object, 0 references, no section mismatches\n", r.err());
        assertEquals(0, r.status());
    }

    @Test
    void errorsHaveModpostsLastWords() {
        assertTrue(check("-E", objects).out().endsWith(REFUSAL));
        assertFalse(check("", objects).out().contains("Section mismatches detected"));
        assertTrue(check("-E --format=json", objects).out().contains("\"severity\": \"error\""));
    }

    @Test
    void baselineFromFirstToLast() throws Exception {
        CommandLine.Result absent = check("--baseline=DIR/base", objects);
        assertEquals(1, absent.status());
        assertTrue(absent.err().contains("base: ") && absent.err().contains("no such baseline; --write-baseline makes it"), absent.err());

        CommandLine.Result first = check("--baseline=DIR/base --write-baseline", objects);
        assertEquals(0, first.status(), first.err());
        assertTrue(first.err().endsWith("klink: wrote 7 findings to " + dir + "/base\n"), first.err());

        CommandLine.Result same = check("-E --baseline=DIR/base", objects);
        assertEquals(0, same.status());
        assertEquals("", same.out(), "what is known is not shown");
        assertTrue(same.err().endsWith(", 7 section mismatches (0 new)\n"), same.err());
        assertTrue(check("--all --baseline=DIR/base", objects).out().contains("\n>>> known: in the baseline\n"));

        compiled.compile("drivers/a.c", Compiled.DRIVER.replace("int c = setup(b + 3);", "int c = b;") + "int fresh(int n) { return setup(n + 99) * 5; }\n", "-g");
        CommandLine.Result changed = check("-E --baseline=DIR/base", objects);
        assertEquals(1, changed.status());
        assertTrue(changed.out().startsWith("WARNING: modpost: vmlinux: section mismatch in reference: fresh+0x"), changed.out());
        assertFalse(changed.out().contains("reference: probe"), changed.out());
        assertTrue(changed.out().endsWith(REFUSAL), changed.out());
        assertTrue(changed.out().contains("\nklink: note: gone: TEXTDATA_TO_ANY_INIT_EXIT "), changed.out());
        assertTrue(changed.err().contains(", 7 section mismatches (1 new)\nklink: 1 of the baseline is gone: run with --write-baseline to lower it\n"), changed.err());

        compiled.compile("drivers/a.c", Compiled.DRIVER.replace("int c = setup(b + 3);", "int c = b;"), "-g");
        CommandLine.Result lower = check("--baseline=DIR/base --write-baseline", objects);
        assertEquals(0, lower.status());
        assertTrue(lower.err().contains(", 6 section mismatches (0 new)\nklink: 1 of the baseline is gone\nklink: wrote 6 findings"), lower.err());
        assertTrue(Files.readString(dir.resolve("base")).contains("many (.text) -> setup (.init.text) x4\n"));
        assertEquals(0, check("--baseline=DIR/base", objects).status());
    }

    @ParameterizedTest
    @ValueSource(strings = {"text", "json", "sarif"})
    void theSameForAnyNumberOfThreads(String format) {
        String one = check("--threads=1 --format=" + format, objects).out();
        assertEquals(one, check("--threads=4 --format=" + format, objects).out());
        if (!format.equals("text")) {
            assertTrue(JsonMapper.shared().readTree(one).isObject());
            assertTrue(one.endsWith("}\n"));
        }
    }

    /// A tree as kbuild leaves it: configuration, version, what is linked.
    private Path tree(String... config) throws Exception {
        Path tree = dir.resolve("tree");
        for (String d : List.of("include/config", "drivers", "core", "lib")) {
            Files.createDirectories(tree.resolve(d));
        }
        Files.writeString(tree.resolve("include/config/auto.conf"), String.join("\n", config) + "\n");
        Files.writeString(tree.resolve("include/config/kernel.release"), "6.1.99\n");
        Files.writeString(tree.resolve("link.env"), "KBUILD_LDFLAGS='-m elf_x86_64'\nLDFLAGS_vmlinux=''\nKBUILD_VMLINUX_LIBS='lib/lib.a'\n");
        var c = new Compiled(tree);
        c.driver("-g");
        c.compile("lib/wanted.c", "int wanted(int n) { extern int setup(int); return setup(n) + 1; }\n");
        c.compile("lib/unwanted.c", "int unwanted(int n) { extern int setup(int); return setup(n) + 1; }\n");
        c.compile("core/user.c", "int wanted(int n); int user(int n) { return wanted(n) + 2; }\n");
        c.run(List.of("ar", "cr", "lib/lib.a", "lib/wanted.o", "lib/unwanted.o"));
        c.run(List.of("ar", "crT", "vmlinux.a", "drivers/a.o", "core/b.o", "core/user.o"));
        return tree;
    }

    @Test
    void aTreeIsCheckedAsItIsLinked() throws Exception {
        Path tree = tree("CONFIG_64BIT=y", "CONFIG_SECTION_MISMATCH_WARN_ONLY=y");
        CommandLine.Result r = check("-C " + tree, List.of());
        assertEquals(0, r.status(), r.err());
        assertTrue(r.out().startsWith("WARNING: modpost: vmlinux.o: section mismatch"), "the tree's version says how it is put: " + r.out());
        assertTrue(r.out().contains(" at drivers/a.c:7, drivers/a.o:(.text+0x"), "names are relative to the tree: " + r.out());
        assertTrue(r.out().contains("reference: wanted (section: .text)") && !r.out().contains("unwanted"), "members of libraries as needed: " + r.out());
        assertFalse(r.out().contains("Section mismatches detected"));
        assertTrue(r.err().startsWith("klink: 4 objects, "), r.err());
    }

    @Test
    void aTreeWithoutWarnOnlyHasErrors() throws Exception {
        assertTrue(check("-C " + tree("CONFIG_64BIT=y"), List.of()).out().endsWith(REFUSAL));
    }

    @Test
    void aBuildDirectoryNamesSourcesAsTheSourceTreeDoes() throws Exception {
        Path tree = tree("CONFIG_64BIT=y");
        Path sources = Files.createDirectories(dir.resolve("src"));
        Files.createDirectories(sources.resolve("drivers"));
        Files.writeString(sources.resolve("drivers/a.c"), Compiled.DRIVER);
        new Compiled(tree).run(List.of("gcc", "-O2", "-g", "-fno-pic", "-c", "-o", "drivers/a.o", "../src/drivers/a.c"));
        assertTrue(check("-C " + tree, List.of()).out().contains(" at ../src/drivers/a.c:7, "));
        Files.createSymbolicLink(tree.resolve("source"), sources);
        assertTrue(check("-C " + tree, List.of()).out().contains(" at drivers/a.c:7, "));
    }

    @ParameterizedTest
    @ValueSource(strings = {"check", "check -C /nowhere", "check --format=xml FILE", "check --kernel=2.4 FILE", "check --write-baseline FILE", "check --threads=0 FILE"})
    void wrongUsageIsStatus2(String line) {
        CommandLine.Result r = CommandLine.run(List.of(line.replace("FILE", objects.getFirst()).split(" ")));
        assertEquals(2, r.status());
        assertTrue(r.err().startsWith("klink: error: ") && r.err().contains("check --help"), r.err());
        assertEquals("", r.out());
    }

    @Test
    void whatCannotBeReadIsAnErrorThatNamesTheFile() throws Exception {
        for (String bad : List.of(dir + "/none.o", Files.writeString(dir.resolve("text.o"), "no ELF").toString())) {
            CommandLine.Result r = check("", List.of(bad));
            assertEquals(1, r.status());
            assertTrue(r.err().startsWith("klink: error: ") && r.err().contains(bad), r.err());
        }
        CommandLine.Result unconfigured = check("-C " + dir, List.of());
        assertEquals(1, unconfigured.status());
        assertTrue(unconfigured.err().contains("auto.conf"), unconfigured.err());
        Files.writeString(dir.resolve("bad"), "nonsense\n");
        CommandLine.Result baseline = check("--baseline=DIR/bad", objects);
        assertEquals(1, baseline.status());
        assertTrue(baseline.err().contains("bad: file offset 0x0") && baseline.err().contains("not a line of a baseline"), baseline.err());
    }
}
