package klink.cli;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import klink.inspect.BtfComparison;
import klink.inspect.BtfText;
import klink.inspect.Comparison;
import klink.inspect.IgnoreList;
import klink.inspect.InitReport;
import klink.inspect.Inspection;
import klink.inspect.RelocationAudit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `klink inspect`: what is inside a finished image, how two images differ, whether every relocation
/// of a link was applied as its inputs demand, and what the kernel frees of it after boot.
@Command(name = "inspect", sortOptions = false,
        description = "Decode and verify a linked kernel; compare two; audit a link's relocations; say what is freed after boot.",
        customSynopsis = {"klink inspect [--format=text|json] VMLINUX", "   or: klink inspect --compare [--ignore=FILE] [--offsets] [--all] A B",
            "   or: klink inspect --btf [--base=VMLINUX] [--format=raw|c] FILE", "   or: klink inspect --compare-btf [--base=VMLINUX] [--all] A B",
            "   or: klink inspect --audit --map=MAP [-C DIR] [--all] VMLINUX OBJECT...",
            "   or: klink inspect --init [--map=MAP] [--findings=FILE] [--by=PART] [--all] [--format=text|json] VMLINUX%n"},
        footer = {"", "Exit status: 0 all is well; 1 a check failed, the images differ, a site is wrong; 2 wrong usage."})
final class Inspect implements Callable<Integer> {
    /// Lines of one kind that are printed without `--all`: enough to see a pattern.
    private static final int LINES = 20;

    enum Format { text, json, raw, c }

    @Option(names = "--format", paramLabel = "text|json", description = "How checks and --init are printed (text); --btf: raw or c.")
    Format format;

    @Option(names = "--compare", description = "Compare two images by meaning: each difference under a dotted key.")
    boolean compare;

    @Option(names = "--btf", description = "Print the types (.BTF) of an image, or of a file of nothing else: raw (the default), or --format=c.")
    boolean printTypes;

    @Option(names = "--compare-btf", description = "Compare the types (.BTF) of two images, or files of nothing else, up to their numbering.")
    boolean compareTypes;

    @Option(names = "--base", paramLabel = "VMLINUX", description = "With --btf, --compare-btf: the file whose types these continue, as a module's do.")
    Path base;

    @Option(names = "--ignore", paramLabel = "FILE", description = "Differences to accept: a key (* for any characters) and # reason a line.")
    Path ignore;

    @Option(names = "--offsets", description = "Compare file offsets too.")
    boolean offsets;

    @Option(names = "--audit", description = "Recompute each relocation site from the objects, the link map and the image.")
    boolean audit;

    @Option(names = "--init", description = "What the kernel frees of its image after boot, and whose it is.")
    boolean init;

    @Option(names = "--by", paramLabel = "PART",
            description = "With --init: only by section, directory, object or symbol (directory, object: with --map).")
    InitReport.By by;

    @Option(names = "--findings", paramLabel = "FILE",
            description = "With --init: what the fix of each mismatch in FILE (klink check --format=json) costs or saves.")
    Path findings;

    @Option(names = "--map", paramLabel = "MAP", description = "The link map (-Map of klink, ld or ld.lld).")
    Path map;

    @Option(names = "-C", paramLabel = "DIR", description = "Where the linker ran; the names in the map are relative to it (here).")
    Path directory;

    @Option(names = "--all", description = "Print everything, not the first " + LINES + " of a kind.")
    boolean all;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Show this.")
    boolean help;

    @Parameters(paramLabel = "FILE", arity = "0..*", hidden = true)
    List<String> files = List.of();

    @Spec
    CommandSpec spec;

    private final PrintStream out;
    private final PrintStream err;

    Inspect(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    @Override
    public Integer call() {
        require(!(compare && audit), "--compare and --audit exclude each other");
        require(!init || !compare && !audit, "--init is about one image, neither compared nor audited");
        require(compare || !offsets && ignore == null, "--ignore and --offsets belong to --compare");
        require(audit || directory == null, "-C belongs to --audit");
        require(audit || init || map == null, "--map belongs to --audit and --init");
        require(init || by == null && findings == null, "--by and --findings belong to --init");
        require(format == null || !compare && !audit, "--format is for the checks of one image");
        require(compare || compareTypes || audit || init || !all, "--all belongs to --compare, --compare-btf, --audit and --init");
        require(base == null || printTypes || compareTypes, "--base belongs to --btf and --compare-btf");
        require(printTypes || format != Format.raw && format != Format.c, "--format=raw and --format=c belong to --btf");
        if (printTypes) {
            require(files.size() == 1 && format != Format.json && format != Format.text, "--btf wants one file, and raw or c");
            return BtfText.run(Path.of(files.getFirst()), base, format == Format.c, out);
        }
        if (compareTypes) {
            require(files.size() == 2, "--compare-btf wants two files");
            return BtfComparison.run(Path.of(files.get(0)), Path.of(files.get(1)), base, all ? 0 : LINES, out);
        }
        if (compare) {
            require(files.size() == 2, "--compare wants two images");
            var ignored = ignore == null ? IgnoreList.none() : IgnoreList.read(ignore);
            return Comparison.run(Path.of(files.get(0)), Path.of(files.get(1)), ignored, offsets, all ? 0 : LINES, out);
        }
        if (audit) {
            require(map != null, "--audit wants --map=MAP");
            require(files.size() >= 2, "--audit wants an image and the objects and archives that it was linked from");
            Path top = directory == null ? Path.of("") : directory;
            return RelocationAudit.run(top, files.subList(1, files.size()), map, Path.of(files.getFirst()), all ? 0 : LINES, out);
        }
        require(files.size() == 1, files.isEmpty() ? "which image?" : "more than one image; --compare compares two");
        if (init) {
            require(map != null || by != InitReport.By.object && by != InitReport.By.directory,
                    "--by=" + by + " wants --map=MAP: the image does not name its objects");
            var wanted = new InitReport.Wanted(Path.of(files.getFirst()), map, findings, by, all ? 0 : LINES, format == Format.json);
            return InitReport.run(wanted, out, err);
        }
        return Inspection.run(Path.of(files.getFirst()), format == Format.json, out);
    }

    private void require(boolean condition, String message) {
        if (!condition) {
            throw new ParameterException(spec.commandLine(), message);
        }
    }
}
