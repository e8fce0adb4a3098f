package klink.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/// Runs the contenders in turn, A B C A B C, so that a machine that slows down slows all of them.
///
/// Each run is a process of its own, started cold into an empty output directory, after a sync, so that no
/// one pays for the pages that another has left to write. The inputs are in the page cache: a link follows
/// a compilation. Emptying, syncing and hashing are outside the clock.
final class Race {
    /// GNU time: tells what the kernel accounted to a process and its descendants when it has ended.
    private static final Path TIME = Path.of("/usr/bin/time");

    private final List<Score> scores;
    private final Path scratch;
    private final PrintStream progress;

    Race(List<Contender> contenders, Path scratch, PrintStream progress) {
        this.scores = contenders.stream().map(Score::new).toList();
        this.scratch = scratch;
        this.progress = progress;
    }

    static boolean tellsMemory() {
        return Files.isExecutable(TIME);
    }

    /// @param runs    that count, of each contender
    /// @param warmUps before them, that do not
    List<Score> run(int runs, int warmUps) throws IOException, InterruptedException {
        for (int round = -warmUps; round < runs; round++) {
            for (Score s : scores) {
                if (s.failure != null) {
                    continue;
                }
                Sample sample = once(s);
                if (sample != null) {
                    if (round >= 0) {
                        s.samples.add(sample);
                    }
                    String run = round < 0 ? "warm-up" : "run " + (round + 1) + "/" + runs;
                    progress.println(String.format(Locale.ROOT, "%-10s %-26s %8.3f s", run, s.contender.name(), sample.seconds()));
                } else {
                    progress.println(s.contender.name() + ": " + s.failure);
                }
            }
        }
        return scores;
    }

    private Sample once(Score score) throws IOException, InterruptedException {
        Contender c = score.contender;
        empty(c.output());
        Files.createDirectories(c.output());
        new ProcessBuilder("sync").inheritIO().start().waitFor();
        Path usage = scratch.resolve("usage");
        Path log = scratch.resolve(c.output().getFileName() + ".log");
        var command = new ArrayList<String>();
        if (tellsMemory()) {
            command.addAll(List.of(TIME.toString(), "-o", usage.toString(), "-f", "%U %S %M"));
        }
        command.addAll(c.command());
        var builder = new ProcessBuilder(command).directory(c.directory().toFile()).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
        builder.environment().putAll(c.environment());
        long start = System.nanoTime();
        int status = builder.start().waitFor();
        double seconds = (System.nanoTime() - start) / 1e9;
        Path image = c.output().resolve("vmlinux");
        if (status != 0 || !Files.isRegularFile(image)) {
            score.failure = "failed, exit status " + status + ": " + lastLines(log);
            empty(c.output());
            return null;
        }
        String[] u = tellsMemory() ? lastLine(usage).split(" ") : new String[] {"NaN", "0", "-1"};
        Path map = c.output().resolve("System.map");
        var sample = new Sample(seconds, Double.parseDouble(u[0]) + Double.parseDouble(u[1]), u[2].equals("-1") ? -1 : Long.parseLong(u[2]) * 1024,
                hash(image), Files.exists(map) ? hash(map) : "", steps(c.output().resolve("steps")));
        score.made = made(c.output());
        empty(c.output());
        return sample;
    }

    private static String lastLine(Path file) throws IOException {
        List<String> lines = Files.readAllLines(file);
        return lines.isEmpty() ? "NaN 0 -1" : lines.getLast();
    }

    private static String lastLines(Path log) throws IOException {
        List<String> lines = Files.readAllLines(log);
        return String.join("\n>>> ", lines.subList(Math.max(0, lines.size() - 5), lines.size()));
    }

    /// What a kernel build reads later, of the files left.
    private static List<String> made(Path out) throws IOException {
        var names = new ArrayList<String>();
        for (String name : List.of("vmlinux", "System.map", "vmlinux.symvers", "modules.builtin", "modules.builtin.modinfo", "vmlinux.map")) {
            if (Files.exists(out.resolve(name))) {
                names.add(name);
            }
        }
        return names;
    }

    /// Lines `seconds-since-boot step that ended`.
    private static Map<String, Double> steps(Path file) throws IOException {
        var steps = new LinkedHashMap<String, Double>();
        if (Files.exists(file)) {
            double before = 0;
            for (String line : Files.readAllLines(file)) {
                int space = line.indexOf(' ');
                double at = Double.parseDouble(line.substring(0, space));
                if (before > 0) {
                    steps.put(line.substring(space + 1), at - before);
                }
                before = at;
            }
        }
        return steps;
    }

    private static String hash(Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            var digest = MessageDigest.getInstance("SHA-256");
            var buffer = new byte[1 << 20];
            for (int n = in.read(buffer); n > 0; n = in.read(buffer)) {
                digest.update(buffer, 0, n);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    static void empty(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        List<Path> all;
        try (Stream<Path> walk = Files.walk(directory)) {
            all = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path p : all) {
            Files.delete(p);
        }
    }
}
