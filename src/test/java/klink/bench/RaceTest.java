package klink.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The race, run with small shell commands in the place of linkers.
class RaceTest {
    @TempDir
    Path dir;

    private Contender contender(String name, String command) {
        Path out = dir.resolve(name);
        return new Contender(name, "", List.of("sh", "-c", command), Map.of("out", out.toString()), dir, out, false);
    }

    private List<Score> race(int runs, int warmUps, Contender... contenders) throws Exception {
        return new Race(List.of(contenders), dir, new PrintStream(new ByteArrayOutputStream(), false, StandardCharsets.UTF_8)).run(runs, warmUps);
    }

    @Test
    void countsTheRunsAfterTheWarmUpInTurn() throws Exception {
        var scores = race(2, 1, contender("a", "echo a >> order; echo image > $out/vmlinux"), contender("b", "echo b >> order; echo other > $out/vmlinux"));
        assertEquals(List.of("a", "b", "a", "b", "a", "b"), Files.readAllLines(dir.resolve("order")));
        assertEquals(2, scores.get(0).samples.size());
        assertFalse(scores.get(0).images().equals(scores.get(1).images()));
    }

    @Test
    void hashesAreSha256() throws Exception {
        var scores = race(1, 0, contender("a", "printf abc > $out/vmlinux; printf '' > $out/System.map"));
        // FIPS 180-4, of "abc"; and that of nothing.
        assertEquals(List.of("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"), scores.getFirst().images());
        assertEquals(List.of("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"), scores.getFirst().systemMaps());
        assertEquals(List.of("vmlinux", "System.map"), scores.getFirst().made);
    }

    @Test
    void startsEachRunInAnEmptyDirectory() throws Exception {
        var scores = race(3, 0, contender("a", "[ -z \"$(ls $out)\" ] && mkdir $out/sub && touch $out/sub/x && echo > $out/vmlinux"));
        assertNull(scores.getFirst().failure);
        assertFalse(Files.exists(dir.resolve("a")));
    }

    @Test
    void showsThatOutputVaries() throws Exception {
        var scores = race(2, 0, contender("a", "echo x >> seen; cp seen $out/vmlinux"));
        assertEquals(2, scores.getFirst().images().size());
    }

    @Test
    void aContenderThatFailsIsLeftOutAndTheOthersGoOn() throws Exception {
        var scores = race(2, 0, contender("bad", "echo a reason >&2; exit 3"), contender("none", "true"), contender("good", "echo > $out/vmlinux"));
        assertTrue(scores.get(0).failure.contains("exit status 3") && scores.get(0).failure.contains("a reason"), scores.get(0).failure);
        assertTrue(scores.get(1).failure.contains("exit status 0"), scores.get(1).failure);
        assertEquals(0, scores.get(0).samples.size());
        assertEquals(2, scores.get(2).samples.size());
    }

    @Test
    void readsTheStepsOfAPipeline() throws Exception {
        var scores = race(1, 0, contender("a", "printf '10.00 begin\\n10.25 link vmlinux\\n11.00 sorttable\\n' > $out/steps; echo > $out/vmlinux"));
        var steps = scores.getFirst().samples.getFirst().steps();
        assertEquals(List.of("link vmlinux", "sorttable"), List.copyOf(steps.keySet()));
        assertEquals(0.25, steps.get("link vmlinux"), 1e-9);
        assertEquals(0.75, steps.get("sorttable"), 1e-9);
    }

    private Score score(String name, double cpu, Map<String, Double> steps, double... seconds) {
        var score = new Score(contender(name, ""));
        for (double s : seconds) {
            score.samples.add(new Sample(s, s + cpu, -1, "", "", steps));
        }
        return score;
    }

    /// Something disturbed one run: the difference of the medians, 550 ms, would be that of two rounds.
    @Test
    void theCostOfTheCheckPassIsTakenRoundByRound() {
        var with = score("klink", 0.01, Map.of(), 1.05, 1.55, 9.10);
        var without = score("klink --no-check", 0, Map.of(), 1.00, 1.50, 1.00);
        var kbuild = score("kbuild, ld", 0, Map.of("ld -r vmlinux.o", 1.0, "modpost", 0.25, "link vmlinux", 3.0), 5);
        var cost = CheckCost.of(List.of(with, without, kbuild, score("one link", 0, Map.of(), 1)));
        assertEquals("section checks: klink +50 ms (5.0 % of the link; rounds: +50 to +8100 ms; CPU +60 ms); kbuild, ld: ld -r + modpost 1.25 s", cost.text());
        assertEquals("{\"seconds\": 0.0500, \"least\": 0.0500, \"most\": 8.1000, \"cpu\": 0.0600, \"share\": 0.0500, \"kbuild\": {\"kbuild, ld\": 1.2500}}", cost.json());
        without.failure = "exit status 1";
        assertNull(CheckCost.of(List.of(with, without, kbuild)));
    }

    @Test
    void medianIsTheMiddleOrTheMeanOfTheTwoInTheMiddle() {
        var score = new Score(contender("a", ""));
        for (double seconds : new double[] {9, 1, 2}) {
            score.samples.add(new Sample(seconds, 0, -1, "", "", Map.of()));
        }
        assertEquals(2, score.median());
        score.samples.add(new Sample(3, 0, -1, "", "", Map.of()));
        assertEquals(2.5, score.median());
        assertEquals(1, score.minimum());
        assertEquals(9, score.maximum());
    }
}
