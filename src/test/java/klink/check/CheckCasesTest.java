package klink.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import klink.Check;
import klink.cli.CommandLine;
import klink.input.InputSpec;
import klink.kernel.Kernel;
import klink.link.Workshop;
import klink.oracle.KernelSource;
import klink.oracle.Modpost;
import klink.report.Report;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// Runs every case below `src/test/check` through the kernel's own modpost, on the objects merged by GNU ld, which must say what the case
/// expects; and through klink's checks on the objects themselves, which must say the same as modpost; see [CheckCase].
///
/// `-Dklink.case=NAME` runs the cases whose path contains NAME.
class CheckCasesTest {
    private static final Path CASES = Path.of("src/test/check");
    private static final String WITH_E = "ERROR: modpost: Section mismatches detected.";

    @TempDir
    Path work;

    @TestFactory
    Stream<DynamicTest> cases() throws IOException {
        String only = System.getProperty("klink.case", "");
        var tests = new ArrayList<DynamicTest>();
        try (Stream<Path> files = Files.walk(CASES)) {
            for (Path f : files.filter(f -> f.toString().endsWith(".s") && f.toString().contains(only)).sorted().toList()) {
                var c = CheckCase.read(f);
                for (String version : c.kernels()) {
                    tests.add(DynamicTest.dynamicTest(version + " " + CASES.relativize(f), f.toUri(), () -> run(c, version)));
                }
            }
        }
        return tests.stream();
    }

    private void run(CheckCase c, String version) throws IOException {
        var machine = c.machine();
        assumeTrue(Workshop.has(machine.assembler()), () -> "needs " + machine.assembler());
        var modpost = Modpost.of(version, machine.bits);
        assumeTrue(modpost.isPresent(), () -> KernelSource.missing(version));
        Path dir = Files.createDirectories(work.resolve(version).resolve(CASES.relativize(c.file()).toString().replace('/', '-')));
        var shop = new Workshop(dir);
        var objects = new ArrayList<String>();
        for (CheckCase.Source s : c.sources()) {
            machine.assemble(shop, s);
            objects.add(s.name());
        }
        machine.merge(shop, objects);
        Modpost.Verdict said = modpost.get().check(dir, c.options(version));
        expectations(c, version, said);
        var kernel = version.equals("6.1") ? Kernel.V6_1 : Kernel.V6_12;
        List<Violation> one = check(c, version, dir, objects, kernel, 1);
        assertEquals(texts(one), texts(check(c, version, dir, objects, kernel, 4)), "with 1 and 4 threads");
        compare(c, version, said, one);
        var command = new ArrayList<>(List.of("check", "--kernel=" + version));
        command.addAll(c.options(version));
        command.remove("-M"); // that the kernel has modules: without them 6.12 looks at no export
        objects.forEach(o -> command.add(dir.resolve(o).toString()));
        CommandLine.Result printed = CommandLine.run(command);
        assertEquals(said.messages().stream().anyMatch(m -> m.startsWith(WITH_E)), printed.out().contains(WITH_E), () -> "-E\n" + printed.out());
        assertEquals(said.status(), printed.status(), () -> "exit status of klink check\n" + printed.out() + printed.err());
    }

    private static List<Violation> check(CheckCase c, String version, Path dir, List<String> objects, Kernel kernel, int threads) throws IOException {
        var inputs = objects.stream().map(o -> new InputSpec(dir.resolve(o).toString(), true, 0)).toList();
        var report = new Report(System.err, 0);
        return Check.run(inputs, kernel, new Checks.Options(c.options(version).contains("-W"), true), threads, report).violations();
    }

    /// All that violations say, in order.
    private static String texts(List<Violation> violations) {
        var all = new StringBuilder();
        for (Violation v : violations) {
            all.append(v.prefix()).append(v.message()).append('\n').append(v.rule());
            var ends = new ArrayList<>(java.util.Arrays.asList(v.from(), v.to()));
            ends.addAll(v.chain());
            for (End e : ends) {
                all.append(e == null ? " -" : " " + e.place() + " " + e.symbolName());
            }
            all.append(' ').append(v.advice()).append('\n');
        }
        return all.toString();
    }

    /// The same messages as modpost, in any order, but for those that the case gives a reason for.
    private static void compare(CheckCase c, String version, Modpost.Verdict said, List<Violation> found) {
        var modposts = new ArrayList<>(said.messages());
        modposts.removeIf(m -> m.startsWith(WITH_E));
        var klinks = new ArrayList<String>();
        for (Violation v : found) {
            String message = (v.prefix() + v.message()).stripTrailing();
            if (!modposts.remove(message)) {
                klinks.add(message);
            }
        }
        List<String> own = c.texts("klink", version);
        if (own.isEmpty()) {
            assertEquals(String.join("\n", modposts), String.join("\n", klinks), "what only modpost says, and what only klink says");
        } else {
            assertTrue(!c.all("differs", version).isEmpty(), "differs without a reason");
            assertFalse(modposts.isEmpty() && klinks.isEmpty(), "should differ, but says the same as modpost");
            match(own, klinks, "klink");
        }
    }

    /// What modpost says must be what the case means it to say: else the case does not test what it names.
    private static void expectations(CheckCase c, String version, Modpost.Verdict said) {
        List<String> expected = c.texts("expect", version);
        assertFalse(expected.isEmpty(), "expects nothing; write `expect: none`");
        match(expected, said.messages(), "modpost");
        assertEquals(Integer.parseInt(c.one("status", version, "0")), said.status(), "modpost's exit status");
    }

    /// Each message must hold one of the expected texts, each of these in a message of its own. Longer texts choose first.
    private static void match(List<String> expected, List<String> messages, String who) {
        var texts = new ArrayList<>(expected);
        texts.remove("none");
        texts.sort(java.util.Comparator.comparingInt(String::length).reversed());
        var left = new ArrayList<>(messages);
        for (String text : texts) {
            int found = -1;
            for (int i = 0; found < 0 && i < left.size(); i++) {
                found = left.get(i).contains(text) ? i : -1;
            }
            assertTrue(found >= 0, () -> who + " should say: " + text + "\nsays:\n" + String.join("\n", messages));
            left.remove(found);
        }
        assertTrue(left.isEmpty(), () -> who + " says more than is expected:\n" + String.join("\n", left));
    }
}
