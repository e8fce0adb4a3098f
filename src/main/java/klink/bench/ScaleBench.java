package klink.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import klink.elf.Elf;
import klink.report.Report;

/// `klink bench --scale=N`: one link of a kernel's objects N times over, and of a quarter of that, by klink and by other
/// linkers. N copies of an arm64 defconfig are far more than a branch reaches, so nearly every call between copies needs a veneer.
public final class ScaleBench {
    /// Calls that are added to each copy.
    private static final int CALLS = 1800;

    /// @param copies  how often the objects are linked
    /// @param linkers others than klink, by their programs' names
    /// @param merged  show what becomes of a link that goes by `ld -r`, instead of timing links
    /// @param verify  have binutils look at every branch of the large image, after the timed links
    public record Options(Path tree, Path klink, List<String> linkers, Path scratch, int copies, int runs, boolean merged, boolean verify) {}

    private final Options opt;
    private final PrintStream err;

    private ScaleBench(Options opt, PrintStream err) {
        this.opt = opt;
        this.err = err;
    }

    /// What the machines differ in.
    private record Target(String emulation, String call, String prefix) {
        static Target of(int machine) throws IOException {
            return switch (machine) {
                case Elf.EM_AARCH64 -> new Target("aarch64elf", "bl ", "aarch64-linux-gnu-");
                case Elf.EM_PPC64 -> new Target("elf64lppc", "bl ", "powerpc64le-linux-gnu-");
                case Elf.EM_ARM -> new Target("armelf_linux_eabi", "bl ", "arm-linux-gnueabihf-");
                default -> throw new IOException("--scale is for machines whose branches do not reach far: arm64, arm, powerpc");
            };
        }
    }

    /// @return exit status
    public static int run(Options opt, PrintStream out, PrintStream err) throws IOException, InterruptedException {
        Files.createDirectories(opt.scratch);
        try {
            return new ScaleBench(opt, err).run(out);
        } finally {
            Race.empty(opt.scratch);
            Files.deleteIfExists(opt.scratch);
        }
    }

    private int run(PrintStream out) throws IOException, InterruptedException {
        Path inputs = Files.createDirectories(opt.scratch.resolve("inputs"));
        var copies = new Copies(opt.tree, inputs, new Report(err, 20));
        Target target = Target.of(copies.machine());
        List<Path> archives = copies.archives(opt.copies);
        Path script = copies.script();
        out.printf(Locale.ROOT, "%d copies of %s: %.2f GiB of code, %,d calls added%n", opt.copies, opt.tree, copies.codeSize() * (double) opt.copies / (1 << 30),
                (long) opt.copies * CALLS);
        if (opt.merged) {
            return merged(archives, calls(copies, opt.copies, inputs, target), script, target, out);
        }
        int status = 0;
        for (int n : new int[] {Math.max(1, opt.copies / 4), opt.copies}) {
            var list = new ArrayList<Contender>();
            List<Path> calls = calls(copies, n, inputs, target);
            list.add(contender("klink ld", List.of(opt.klink.toString(), "ld"), n, archives, calls, script, target));
            for (String linker : opt.linkers) {
                list.add(contender(linker, List.of(linker), n, archives, calls, script, target));
            }
            List<Score> scores = new Race(list, opt.scratch, err).run(opt.runs, 0);
            out.printf(Locale.ROOT, "%n%d copies%28s%10s%12s%n", n, "wall", "CPU", "peak");
            for (Score s : scores) {
                status |= line(s, scores.getFirst(), out);
            }
        }
        return opt.verify ? status | verify(archives, calls(copies, opt.copies, inputs, target), script, target, out) : status;
    }

    /// klink's image of all copies, once more with its relocations kept, as binutils see it.
    private int verify(List<Path> archives, List<Path> calls, Path script, Target target, PrintStream out) throws IOException, InterruptedException {
        Contender c = contender("klink ld -q", List.of(opt.klink.toString(), "ld", "-q"), opt.copies, archives, calls, script, target);
        Files.createDirectories(c.output());
        if (failure(c.command(), out) != 0) {
            return 1;
        }
        return new BranchCheck(target.prefix).run(c.output().resolve("vmlinux"), out) ? 0 : 1;
    }

    /// `ld -r` of all copies first, and then the link: what kbuild does.
    private int merged(List<Path> archives, List<Path> calls, Path script, Target target, PrintStream out) throws IOException, InterruptedException {
        Path object = opt.scratch.resolve("merged.o");
        String ld = target.prefix + "ld";
        var command = new ArrayList<>(List.of(ld, "-r", "-m", target.emulation, "-o", object.toString(), "--whole-archive"));
        archives.forEach(a -> command.add(a.toString()));
        calls.forEach(o -> command.add(o.toString()));
        out.println(ld + " -r: merging");
        if (failure(command, out) != 0) {
            return 1;
        }
        var linkers = new ArrayList<>(List.of(List.of(opt.klink.toString(), "ld", "--error-limit=1"), List.of(ld)));
        opt.linkers.forEach(l -> linkers.add(List.of(l)));
        for (List<String> linker : linkers) {
            var link = new ArrayList<>(linker);
            link.addAll(List.of("-m", target.emulation, "-z", "noexecstack", "-T", script.toString(), "-o", opt.scratch.resolve("merged").toString(), object.toString()));
            out.println(String.join(" ", linker.subList(linker.size() > 1 ? 1 : 0, linker.size())) + ":");
            out.println("  exit status " + failure(link, out));
        }
        return 0;
    }

    /// Runs a linker; of what it says if it fails, the first lines.
    private int failure(List<String> command, PrintStream out) throws IOException, InterruptedException {
        Path log = opt.scratch.resolve("log");
        int status = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start().waitFor();
        if (status != 0) {
            try (var lines = Files.lines(log)) {
                lines.filter(l -> !l.contains("warning:") && !l.contains("note:")).limit(6).forEach(l -> out.println("  " + l.replace(opt.scratch + "/", "")));
            }
        }
        return status;
    }

    private int line(Score s, Score klink, PrintStream out) throws IOException {
        String name = s.contender.name();
        if (s.failure != null) {
            out.printf(Locale.ROOT, "  %-20s %s%n", name, s.failure);
            return s == klink ? 1 : 0;
        }
        out.printf(Locale.ROOT, "  %-20s %8.2f s %8.2f s %8d MiB", name, s.median(), s.samples.getFirst().cpu(), s.peak() >> 20);
        if (s != klink && klink.failure == null) {
            out.printf(Locale.ROOT, "   klink takes %.2f of it", klink.median() / s.median());
        }
        out.println();
        Path log = opt.scratch.resolve(s.contender.output().getFileName() + ".log");
        Files.readAllLines(log).stream().filter(l -> l.contains(" veneers ")).forEach(l -> out.println("    " + l));
        return 0;
    }

    private List<Path> calls(Copies copies, int n, Path inputs, Target target) throws IOException, InterruptedException {
        var objects = new ArrayList<Path>();
        for (int copy = 0; copy < n; copy++) {
            Path object = inputs.resolve(n + "-" + copy + ".o");
            Path source = Files.writeString(inputs.resolve("calls.s"), copies.calls(copy, n, CALLS, target.call));
            if (new ProcessBuilder(target.prefix + "as", "-o", object.toString(), source.toString()).inheritIO().start().waitFor() != 0) {
                throw new IOException(target.prefix + "as failed");
            }
            objects.add(object);
        }
        return objects;
    }

    private Contender contender(String name, List<String> program, int n, List<Path> archives, List<Path> calls, Path script, Target target) {
        Path output = opt.scratch.resolve(name.replace(' ', '-') + "-" + n);
        var command = new ArrayList<>(program);
        command.addAll(List.of("-m", target.emulation, "-z", "noexecstack", "-T", script.toString(), "-o", output.resolve("vmlinux").toString(), "--whole-archive"));
        for (int i = 0; i < n; i++) {
            command.add(archives.get(i).toString());
            command.add(calls.get(i).toString());
        }
        command.add("--no-whole-archive");
        return new Contender(name, "one link", command, Map.of(), opt.scratch, output, false);
    }
}
