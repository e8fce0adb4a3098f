package klink.findings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import klink.kernel.Kernel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The two formats for programs; SARIF against the schema that its standard comes with.
class JsonAndSarifTest {
    static {
        System.setProperty("slf4j.internal.verbosity", "ERROR"); // the validator would log, and says that it cannot
    }

    @TempDir
    Path dir;

    private static JsonNode json(Findings f, RunFacts facts) {
        var bytes = new ByteArrayOutputStream();
        JsonReport.write(f, facts, bytes);
        return JsonMapper.shared().readTree(bytes.toByteArray());
    }

    private static String sarif(Findings f, RunFacts facts) {
        var bytes = new ByteArrayOutputStream();
        SarifReport.write(f, facts, bytes);
        return bytes.toString(StandardCharsets.UTF_8);
    }

    /// What the official schema has against a document.
    private static List<String> violations(String document) throws Exception {
        try (var in = JsonAndSarifTest.class.getResourceAsStream("/schema/sarif-schema-2.1.0.json")) {
            // the schema says draft-07 by an address that asks for no download
            var schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7).getSchema(new String(in.readAllBytes(), StandardCharsets.UTF_8), InputFormat.JSON);
            var list = new ArrayList<String>();
            schema.validate(document, InputFormat.JSON).forEach(e -> list.add(e.toString()));
            return list;
        }
    }

    @Test
    void sarifIsValidWithAndWithoutDebugInformationAndBaseline() throws Exception {
        var c = new Compiled(dir);
        for (String option : List.of("-g", "-g0")) {
            for (Kernel kernel : Kernel.all()) {
                Findings found = c.findings(c.driver(option), kernel);
                assertEquals(List.of(), violations(sarif(found, Compiled.facts(kernel, true, dir))));
                assertEquals(List.of(), violations(sarif(found.comparedWith(Baseline.of(found)), Compiled.facts(kernel, false, null))));
            }
        }
    }

    @Test
    void sarifOfAllOtherKindsOfFindingsIsValid() throws Exception {
        var c = new Compiled(dir);
        Path object = c.compile("odd name: %41.c", """
                int everywhere;
                asm(".section __ex_table,\\"a\\"\\n.long place - .\\n.data\\nplace: .long 0\\n.section .strange\\n.long 1\\n");
                """, "-fcommon");
        for (Kernel kernel : Kernel.all()) {
            Findings found = c.findings(List.of(object), kernel);
            assertEquals(3, found.count());
            assertEquals(List.of(), violations(sarif(found, Compiled.facts(kernel, false, null))));
        }
        Findings none = c.findings(List.of(c.compile("fine.c", "int fine;\n")), Kernel.V6_12);
        assertEquals(0, none.count());
        assertEquals(List.of(), violations(sarif(none, Compiled.facts(Kernel.V6_12, false, null))));
    }

    @Test
    void theSchemaIsOneThatRefuses() throws Exception {
        var c = new Compiled(dir);
        Findings found = c.findings(c.driver("-g"), Kernel.V6_1);
        String good = sarif(found, Compiled.facts(Kernel.V6_1, false, dir));
        assertFalse(violations(good.replaceFirst("\"level\": \"warning\"", "\"level\": \"bad\"")).isEmpty());
        assertFalse(violations(good.replaceFirst("\"ruleId\": \"[A-Z_]+\"", "\"ruleId\": 7")).isEmpty());
        assertFalse(violations(good.replace("\"startLine\": ", "\"startLine\": -")).isEmpty());
        assertFalse(violations(good.replaceFirst("\"text\": \"", "\"txt\": \"")).isEmpty());
    }

    @Test
    void sarifSaysWhereWhatAndHowItIsReached() throws Exception {
        var c = new Compiled(dir);
        Findings found = c.findings(c.driver("-g"), Kernel.V6_1);
        JsonNode run = JsonMapper.shared().readTree(sarif(found, Compiled.facts(Kernel.V6_1, true, dir))).at("/runs/0");
        assertEquals(7, run.get("results").size());
        JsonNode probe = run.at("/results/0");
        assertEquals("TEXT_TO_ANY_INIT", probe.get("ruleId").asString());
        assertEquals("TEXT_TO_ANY_INIT", run.at("/tool/driver/rules/" + probe.get("ruleIndex").asInt() + "/id").asString());
        assertEquals("error", probe.get("level").asString());
        assertTrue(probe.at("/message/text").asString().startsWith("vmlinux.o: section mismatch in reference: probe (section: .text) -> setup (section: .init.text)"));
        assertEquals("drivers/a.c", probe.at("/locations/0/physicalLocation/artifactLocation/uri").asString());
        assertEquals("SRCROOT", probe.at("/locations/0/physicalLocation/artifactLocation/uriBaseId").asString());
        assertTrue(run.at("/originalUriBaseIds/SRCROOT/uri").asString().startsWith("file:///"));
        assertEquals(Compiled.line(Compiled.DRIVER, "probe -> setup"), probe.at("/locations/0/physicalLocation/region/startLine").asInt());
        assertEquals("probe", probe.at("/locations/0/logicalLocations/0/name").asString());
        assertEquals("core/b.c", probe.at("/relatedLocations/0/physicalLocation/artifactLocation/uri").asString());
        assertEquals(Compiled.line(Compiled.CORE, "setup"), probe.at("/relatedLocations/0/physicalLocation/region/startLine").asInt());
        var steps = new ArrayList<Integer>();
        probe.at("/codeFlows/0/threadFlows/0/locations").forEach(l -> steps.add(l.at("/location/physicalLocation/region/startLine").asInt()));
        assertEquals(List.of(Compiled.line(Compiled.DRIVER, "entry"), Compiled.line(Compiled.DRIVER, "start -> probe"),
                Compiled.line(Compiled.DRIVER, "probe -> setup"), Compiled.line(Compiled.CORE, "setup")), steps);
    }

    @Test
    void withoutLinesSarifPointsIntoTheObject() throws Exception {
        var c = new Compiled(dir);
        List<Path> objects = c.driver();
        JsonNode probe = JsonMapper.shared().readTree(sarif(c.findings(objects, Kernel.V6_1), Compiled.facts(Kernel.V6_1, false, dir))).at("/runs/0/results/0");
        JsonNode at = probe.at("/locations/0/physicalLocation");
        assertEquals("drivers/a.o", at.at("/artifactLocation/uri").asString());
        assertEquals("OBJROOT", at.at("/artifactLocation/uriBaseId").asString());
        byte[] bytes = java.nio.file.Files.readAllBytes(objects.getFirst());
        int offset = at.at("/region/byteOffset").asInt();
        assertTrue((bytes[offset - 1] & 0xff) == 0xe8 || (bytes[offset - 1] & 0xff) == 0xe9, "the relocated field of a call stands there");
    }

    @Test
    void fingerprintsDifferAndStayWhenCodeMoves() throws Exception {
        var c = new Compiled(dir);
        List<String> before = fingerprints(c.findings(c.driver("-g"), Kernel.V6_1));
        assertEquals(7, new HashSet<>(before).size());
        c.compile("drivers/a.c", "int first(int n)\n{\n\treturn n * 77;\n}\n" + Compiled.DRIVER, "-g");
        assertEquals(before, fingerprints(c.findings(List.of(dir.resolve("drivers/a.o"), dir.resolve("core/b.o")), Kernel.V6_1)));
        assertNotEquals(before, fingerprints(c.findings(c.driver("-g"), Kernel.V6_12)), "another rule");
    }

    private List<String> fingerprints(Findings found) {
        var list = new ArrayList<String>();
        JsonMapper.shared().readTree(sarif(found, Compiled.facts(Kernel.V6_1, false, dir))).at("/runs/0/results")
            .forEach(r -> list.add(r.at("/partialFingerprints/klinkFinding~1v1").asString()));
        return list;
    }

    @Test
    void inlinedCodeHasBothLines() throws Exception {
        var c = new Compiled(dir);
        String source = "extern int setup(int);\nstatic inline __attribute__((always_inline)) int twice(int n) {\n\treturn setup(n) + n;\n}\nint user(int n) {\n\treturn twice(n) * 3;\n}\n";
        Findings found = c.findings(List.of(c.compile("a.c", source, "-g"), c.compile("core/b.c", Compiled.CORE, "-g")), Kernel.V6_1);
        JsonNode from = json(found, Compiled.facts(Kernel.V6_1, true, dir)).at("/findings/0/from");
        assertEquals(3, from.get("line").asInt());
        assertEquals(6, from.at("/inlinedAt/line").asInt());
        assertEquals("a.c", from.at("/inlinedAt/file").asString());
        String sarif = sarif(found, Compiled.facts(Kernel.V6_1, true, dir));
        assertEquals(List.of(), violations(sarif));
        assertEquals(6, JsonMapper.shared().readTree(sarif).at("/runs/0/results/0/relatedLocations/1/physicalLocation/region/startLine").asInt());
    }

    @Test
    void aBaselineMarksResults() throws Exception {
        var c = new Compiled(dir);
        Findings found = c.findings(c.driver("-g"), Kernel.V6_1);
        var counts = new java.util.TreeMap<>(Baseline.of(found).counts());
        counts.remove("TEXT_TO_ANY_INIT drivers/a.o probe (.text) -> setup (.init.text)");
        counts.put("TEXT_TO_ANY_INIT old.o f (.text) -> g (.init.text)", 2);
        Findings compared = found.comparedWith(new Baseline(counts));
        JsonNode run = JsonMapper.shared().readTree(sarif(compared, Compiled.facts(Kernel.V6_1, false, dir))).at("/runs/0");
        assertEquals("new", run.at("/results/0/baselineState").asString());
        assertEquals("unchanged", run.at("/results/1/baselineState").asString());
        assertEquals("TEXT_TO_ANY_INIT old.o f (.text) -> g (.init.text) x2", run.at("/properties/gone/0").asString());
        JsonNode json = json(compared, Compiled.facts(Kernel.V6_1, false, dir));
        assertEquals(1, json.at("/summary/new").asInt());
        assertEquals(2, json.at("/summary/gone").asInt());
        assertEquals("new", json.at("/findings/0/state").asString());
        assertEquals("known", json.at("/findings/1/state").asString());
    }

    @Test
    void jsonHasEveryReferenceWithBothEnds() throws Exception {
        var c = new Compiled(dir);
        JsonNode json = json(c.findings(c.driver("-g"), Kernel.V6_12), Compiled.facts(Kernel.V6_12, true, dir));
        assertEquals("klink-check", json.get("format").asString());
        assertEquals(1, json.get("version").asInt());
        assertEquals("6.12", json.get("kernel").asString());
        assertEquals(7, json.get("findings").size());
        assertEquals(7, json.at("/summary/sectionMismatches").asInt());
        assertFalse(json.at("/summary").has("new"));
        var lines = new ArrayList<Integer>();
        for (JsonNode f : json.get("findings")) {
            assertEquals("error", f.get("severity").asString());
            assertEquals("core/b.o", f.at("/to/object").asString());
            assertTrue(f.at("/from/offset").isIntegralNumber());
            if (f.at("/from/symbol").asString().equals("many")) {
                lines.add(f.at("/from/line").asInt());
                assertTrue(f.at("/from/function").asBoolean());
                assertTrue(f.at("/from/symbolOffset").asInt() < f.at("/from/symbolSize").asInt());
            }
        }
        int first = Compiled.line(Compiled.DRIVER, "many 1");
        assertEquals(List.of(first, first + 1, first + 2, first + 3, first + 4), lines);
    }

    @Test
    void pathsBecomeReferencesThatMeanTheSame() {
        assertEquals("drivers/a.c", SarifReport.uri("drivers/a.c"));
        assertEquals("a%20b/%25.c", SarifReport.uri("a b/%.c"));
        assertEquals("./c:d.c", SarifReport.uri("c:d.c"));
        assertEquals("file:/src/a.c", SarifReport.uri("/src/a.c").replace("file:///", "file:/"));
        assertEquals("%C3%A4.c", SarifReport.uri("\u00e4.c"));
    }
}
