package klink.findings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import klink.kernel.Kernel;
import klink.report.BadInput;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What is known stays known when code moves; what is new is new; what is gone is said to be.
class BaselineTest {
    @TempDir
    Path dir;

    private Baseline reread(Baseline b) throws IOException {
        return Baseline.read(Files.writeString(dir.resolve("baseline"), b.text()));
    }

    @Test
    void whatWasFoundIsKnownAfterwards() throws Exception {
        var c = new Compiled(dir);
        Findings found = c.findings(c.driver("-g"), Kernel.V6_1);
        Findings again = found.comparedWith(reread(Baseline.of(found)));
        assertEquals(7, found.fresh());
        assertEquals(0, again.fresh());
        assertEquals(0, again.goneCount());
    }

    @Test
    void movedCodeAndOtherLinesAreNoNews() throws Exception {
        var c = new Compiled(dir);
        Baseline before = reread(Baseline.of(c.findings(c.driver("-g"), Kernel.V6_1)));
        String moved = "int first(int n)\n{\n\treturn n * 77;\n}\n\n\n" + Compiled.DRIVER;
        Findings after = c.findings(List.of(c.compile("drivers/a.c", moved), c.compile("core/b.c", "int more = 3;\n" + Compiled.CORE)), Kernel.V6_1);
        assertEquals(7, after.comparedWith(before).count());
        assertEquals(0, after.comparedWith(before).fresh());
    }

    @Test
    void oneMoreReferenceBetweenTheSameNamesIsNew() throws Exception {
        var c = new Compiled(dir);
        Baseline before = reread(Baseline.of(c.findings(c.driver("-g"), Kernel.V6_1)));
        String more = Compiled.DRIVER.replace("return setup(a + b + c + d) * 2;", "d += setup(d + 9); return setup(a + b + c + d) * 2;");
        Findings after = c.findings(List.of(c.compile("drivers/a.c", more, "-g"), dir.resolve("core/b.o")), Kernel.V6_1).comparedWith(before);
        assertEquals(8, after.count());
        assertEquals(1, after.fresh());
        assertEquals(1, after.freshMismatches());
        assertEquals(0, after.goneCount());
    }

    @Test
    void whatIsGoneIsCountedAndNamed() throws Exception {
        var c = new Compiled(dir);
        Baseline before = reread(Baseline.of(c.findings(c.driver("-g"), Kernel.V6_1)));
        String less = Compiled.DRIVER.replace("int c = setup(b + 3);", "int c = b;").replace("my_table = { &limit }", "my_table = { 0 }");
        Findings after = c.findings(List.of(c.compile("drivers/a.c", less, "-g"), dir.resolve("core/b.o")), Kernel.V6_1).comparedWith(before);
        assertEquals(0, after.fresh());
        assertEquals(2, after.goneCount());
        assertEquals(List.of("DATA_TO_ANY_INIT drivers/a.o my_table (.data) -> limit (.init.data)", "TEXT_TO_ANY_INIT drivers/a.o many (.text) -> setup (.init.text)"),
                after.gone.stream().map(Baseline.Gone::key).toList());
    }

    @Test
    void theFileIsSortedAndHasALineForEachPairOfNames() throws Exception {
        var c = new Compiled(dir);
        List<String> lines = Baseline.of(c.findings(c.driver("-g"), Kernel.V6_1)).text().lines().toList();
        List<String> kept = lines.stream().filter(l -> !l.startsWith("#")).toList();
        assertEquals(List.of("DATA_TO_ANY_INIT drivers/a.o my_table (.data) -> limit (.init.data)",
                "TEXT_TO_ANY_INIT drivers/a.o many (.text) -> setup (.init.text) x5",
                "TEXT_TO_ANY_INIT drivers/a.o probe (.text) -> setup (.init.text)"), kept);
        assertTrue(lines.getFirst().startsWith("# "));
    }

    @ParameterizedTest
    @CsvSource({"probe,probe", "probe.constprop.0,probe.constprop", "f.isra.12.cold,f.isra.cold", "calls.1234,calls", "f.part.0.constprop.1,f.part.constprop",
        "f.llvm.123456789,f.llvm", ".LC12,.LC", "__UNIQUE_ID_x77,__UNIQUE_ID_x", "x12,x12", "a.b,a.b", "a..1,a.", "'',?", ".5,.5"})
    void countersOfCompilersAreNoPartOfAName(String name, String stable) {
        assertEquals(stable, Key.stable(name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"nonsense", "<<<<<<< HEAD something", "A b x0", "\u0000\u0001"})
    void aLineThatIsNoneNamesFileAndOffset(String line) throws Exception {
        Path file = Files.writeString(dir.resolve("bad"), "# header\n" + line + "\n");
        BadInput e = assertThrows(BadInput.class, () -> Baseline.read(file));
        assertEquals(file.toString(), e.file());
        assertEquals(9, e.fileOffset());
    }

    @Property
    void writtenAndReadAgainItIsTheSame(@ForAll @CharRange(from = '!', to = '~') @StringLength(min = 1, max = 12) String a,
            @ForAll @CharRange(from = ' ', to = '~') @StringLength(max = 12) String b, @ForAll @IntRange(min = 1, max = 9999) int count) throws IOException {
        var counts = new TreeMap<String, Integer>();
        counts.put("RULE " + a + b.strip() + " (.text)", count);
        Path file = Files.createTempFile("klink", "baseline");
        try {
            assertEquals(counts, Baseline.read(Files.writeString(file, new Baseline(counts).text())).counts());
        } finally {
            Files.delete(file);
        }
    }
}
