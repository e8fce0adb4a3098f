package klink.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// `klink bench`: klink's link stage beside kbuild's, on one tree, in one go. Figures of different days or
/// machines say nothing about each other; only the ratios of one run do.
public final class Benchmark {
    private Benchmark() {}

    /// @param tree    an object tree with everything compiled
    /// @param klink   the launcher, so that klink's start is on the clock
    /// @param linkers programs for kbuild's link stage
    /// @param tools   another compiled tree, for the kernel's own programs; or null
    /// @param scratch where everything is written; deleted at the end
    /// @param btf     whether `.BTF` is made, if the configuration and the objects allow it
    /// @param modpost whether kbuild's lines include `vmlinux.o` and modpost: part of its link stage, and needed by no link of klink's
    public record Options(Path tree, Path klink, List<String> linkers, Path tools, Path scratch, int runs, int warmUps, boolean btf,
            boolean modpost) {}

    /// What [BenchReport] prints.
    ///
    /// @param versions program to what it says of itself
    /// @param input    objects and bytes in vmlinux.a
    record Result(Path tree, String release, String input, Machine machine, Map<String, String> versions, boolean btf, int runs, int warmUps,
            List<Score> scores) {}

    /// Runs and prints. Returns 0, or 1 if a contender failed or gave different bytes in different runs though nothing in it
    /// explains that.
    public static int run(Options opt, String klinkVersion, boolean json, boolean steps, PrintStream out, PrintStream err)
            throws IOException, InterruptedException {
        Path scratch = opt.scratch().toAbsolutePath().normalize();
        if (Files.exists(scratch) && !Files.exists(scratch.resolve("kbuild-stage.sh"))) {
            throw new IOException(scratch + " exists and was not made by klink bench; it will not be emptied");
        }
        Race.empty(scratch);
        Files.createDirectories(scratch);
        try {
            var contenders = new Contenders(opt, scratch);
            List<Contender> list = contenders.list();
            Machine machine = Machine.here();
            if (machine.load() > 0.5) {
                err.println("klink: note: the load average is " + machine.load() + ": other programs are running, and times will be too long");
            }
            if (!Race.tellsMemory()) {
                err.println("klink: note: no /usr/bin/time, so no memory and processor time (apt-get install time)");
            }
            var versions = new LinkedHashMap<String, String>();
            versions.put("klink", klinkVersion);
            opt.linkers().forEach(l -> versions.put(l, Machine.version(l)));
            if (contenders.btf()) {
                versions.put("pahole", Machine.version(contenders.pahole()));
            }
            List<Score> scores = new Race(list, scratch, err).run(opt.runs(), opt.warmUps());
            var result = new Result(opt.tree(), contenders.release(), input(opt.tree()), machine, versions, contenders.btf(), opt.runs(),
                    opt.warmUps(), scores);
            out.print(json ? BenchReport.json(result) : BenchReport.text(result, steps));
            return scores.stream().allMatch(s -> s.failure == null && (s.images().size() == 1 || s.contender.varies())) ? 0 : 1;
        } finally {
            Race.empty(scratch);
        }
    }

    private static String input(Path tree) throws IOException, InterruptedException {
        var process = new ProcessBuilder("ar", "t", "vmlinux.a").directory(tree.toFile()).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        var names = new ArrayList<String>();
        try (InputStream in = process.getInputStream()) {
            new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8).lines().forEach(names::add);
        }
        process.waitFor();
        long bytes = 0;
        for (String name : names) {
            Path object = tree.resolve(name);
            bytes += Files.exists(object) ? Files.size(object) : 0;
        }
        return String.format(java.util.Locale.ROOT, "%,d objects, %,d MB", names.size(), bytes / 1_000_000);
    }
}
