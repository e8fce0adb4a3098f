package klink.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import klink.bench.Benchmark;
import klink.bench.ScaleBench;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `klink bench`: the link stage by klink and by others, side by side.
@Command(name = "bench", sortOptions = false,
        description = {"Time a kernel's link stage side by side: klink, kbuild with each linker, one plain link.",
            "docs/BENCHMARKS.md says what exactly is timed.%n"},
        footer = {"", "Exit status: 0 all ran; 1 something failed, or gave other bytes in another run; 2 wrong usage."})
final class Bench implements Callable<Integer> {
    @Option(names = "-C", paramLabel = "TREE", defaultValue = ".", description = "A compiled kernel tree (here).")
    Path tree;

    @Option(names = "--runs", paramLabel = "N", defaultValue = "5", description = "Runs of each that count (${DEFAULT-VALUE}).")
    int runs;

    @Option(names = "--warm-up", paramLabel = "N", defaultValue = "1", description = "Runs of each before them (${DEFAULT-VALUE}).")
    int warmUps;

    @Option(names = "--linkers", paramLabel = "LD,...", split = ",",
            description = "For kbuild's link stage (all there are of: ld, ld.lld or the newest ld.lld-N).")
    List<String> linkers;

    @Option(names = "--tools", paramLabel = "DIR", 
            description = "Where kallsyms, sorttable, mksysmap are, if not in TREE: a compiled tree of that configuration, or a directory.")
    Path tools;

    @Option(names = "--no-btf", description = "Make no .BTF, even if the kernel is configured for it.")
    boolean noBtf;

    @Option(names = "--no-modpost",
            description = "Leave out of kbuild's lines what goes before the links: vmlinux.o, modules.builtin, modpost.")
    boolean noModpost;

    @Option(names = "--scratch", paramLabel = "DIR", description = "Where all is written; deleted at the end (TREE/.klink-bench).")
    Path scratch;

    @Option(names = "--scale", paramLabel = "N",
            description = "Time one link of the tree's objects N times over instead, and of a quarter of that; --linkers names the others.")
    int scale;

    @Option(names = "--verify", description = "With --scale: have objdump look at every branch of klink's image, too.")
    boolean verify;

    @Option(names = "--merged", description = "With --scale: show what becomes of it by way of ld -r, as kbuild links.")
    boolean merged;

    @Option(names = "--klink", paramLabel = "FILE", description = "The klink to time (the one that runs this).")
    Path klink;

    @Option(names = "--steps", description = "Show also what each step of a pipeline took.")
    boolean steps;

    @Option(names = "--json", description = "Print JSON, with every run.")
    boolean json;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Show this.")
    boolean help;

    @Spec
    CommandSpec spec;

    private final PrintStream out;
    private final PrintStream err;

    Bench(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        require(runs > 0 && warmUps >= 0, "--runs wants at least 1, --warm-up at least 0");
        require(Files.isDirectory(tree), "-C: " + tree + " is not a directory");
        Path launcher = klink != null ? klink : launcher();
        require(launcher != null && Files.isExecutable(launcher), "cannot tell which klink to time; name it with --klink");
        var programs = linkers != null ? linkers : linkersHere();
        for (String linker : programs) {
            require(onPath(linker), "no linker '" + linker + "'");
        }
        var options = new Benchmark.Options(tree, launcher.toAbsolutePath().normalize(), programs, tools,
                scratch != null ? scratch : tree.resolve(".klink-bench"), runs, warmUps, !noBtf, !noModpost);
        if (scale > 0) {
            return ScaleBench.run(new ScaleBench.Options(tree, options.klink(), programs, options.scratch(), scale, runs, merged, verify), out, err);
        }
        String version = Version.NUMBER + ", " + System.getProperty("java.vm.name") + " " + System.getProperty("java.runtime.version");
        return Benchmark.run(options, version, json, steps, out, err);
    }

    private void require(boolean condition, String message) {
        if (!condition) {
            throw new ParameterException(spec.commandLine(), message);
        }
    }

    /// The launcher stands beside the `target` directory that holds the jar.
    private static Path launcher() {
        String[] classPath = System.getProperty("java.class.path").split(":");
        Path target = Path.of(classPath[0]).toAbsolutePath().getParent();
        return target == null || target.getParent() == null ? null : target.getParent().resolve("klink");
    }

    private static List<String> linkersHere() {
        var found = new ArrayList<String>();
        String ld = System.getenv().getOrDefault("CROSS_COMPILE", "") + "ld";
        if (onPath(ld)) {
            found.add(ld);
        }
        String lld = onPath("ld.lld") ? "ld.lld" : null;
        for (int version = 40; version > 10 && lld == null; version--) {
            lld = onPath("ld.lld-" + version) ? "ld.lld-" + version : null;
        }
        if (lld != null) {
            found.add(lld);
        }
        return found;
    }

    private static boolean onPath(String program) {
        if (program.contains("/")) {
            return Files.isExecutable(Path.of(program));
        }
        for (String directory : System.getenv().getOrDefault("PATH", "").split(":")) {
            if (!directory.isEmpty() && Files.isExecutable(Path.of(directory, program))) {
                return true;
            }
        }
        return false;
    }
}
