package klink.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import klink.check.Checks;
import klink.findings.Baseline;
import klink.findings.Findings;
import klink.findings.JsonReport;
import klink.findings.RunFacts;
import klink.findings.SarifReport;
import klink.findings.TextReport;
import klink.input.InputSpec;
import klink.kbuild.LinkFlags;
import klink.kbuild.TreeConfig;
import klink.kernel.Kernel;
import klink.report.LinkFailed;
import klink.report.Report;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `klink check`: section mismatches and what else modpost says of a kernel, with places in the source, and only what
/// is new if there is a baseline. Links nothing.
@Command(name = "check", sortOptions = false,
        description = "Find references that break when init sections are freed, and what else the kernel's modpost looks for.",
        customSynopsis = {"klink check [options] -C OBJTREE", "   or: klink check [options] [--kernel=6.1] FILE...%n"},
        footer = {"", "Example:",
            "  $ klink check -C linux",
            "  WARNING: modpost: vmlinux.o: section mismatch in reference: keep (section: .text) -> setup (section: .init.text)",
            "  >>> referenced at drivers/keep.c:9, drivers/keep.o:(.text+0x5)",
            "  >>> setup is defined at drivers/setup.c:2, drivers/setup.o:(.init.text+0x0)",
            "  >>> try: no use of keep was found: mark it __init, or remove __init from setup",
            "", "Exit status, as modpost's: 0 nothing found, or mere warnings; 1 an error, or mismatches that are errors (-E), or a file cannot be",
            "read; with --baseline 1 for whatever is not in it; 2 wrong usage.",
            "docs/CHECK.md describes rules and formats."})
final class Check implements Callable<Integer> {
    enum Format { text, json, sarif }

    @Option(names = "-C", paramLabel = "OBJTREE", description = "A built kernel tree: what vmlinux is linked from, its version and configuration.")
    Path tree;

    @Option(names = "--kernel", paramLabel = "VERSION", description = "Whose rules (the tree's; for files alone the newest known).")
    String version;

    @Option(names = "--format", paramLabel = "text|json|sarif", defaultValue = "text", description = "How findings are printed (${DEFAULT-VALUE}).")
    Format format;

    @Option(names = "--baseline", paramLabel = "FILE", description = "Findings that are known: only others are shown, and fail the check.")
    Path baseline;

    @Option(names = "--write-baseline", description = "Write what is found now to the --baseline file.")
    boolean writeBaseline;

    @Option(names = "-W", description = "Fewer excuses, as modpost with W=1.")
    boolean extraWarnings;

    @Option(names = "-E", description = "Section mismatches are errors (so they are in a tree without CONFIG_SECTION_MISMATCH_WARN_ONLY).")
    boolean errors;

    @Option(names = "--all", description = "Show every reference, and known findings.")
    boolean all;

    @Option(names = "--time", description = "Print what each pass took.")
    boolean time;

    @Option(names = "--threads", paramLabel = "N", description = "(one per processor)")
    Integer threads;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Show this.")
    boolean help;

    @Parameters(paramLabel = "FILE", arity = "0..*", hidden = true)
    List<String> files = List.of();

    @Spec
    CommandSpec spec;

    private final PrintStream out;
    private final PrintStream err;

    Check(PrintStream out, PrintStream err) {
        this.out = out;
        this.err = err;
    }

    @Override
    public Integer call() throws IOException {
        require(tree != null || !files.isEmpty(), "check what? a tree (-C OBJTREE), or objects and archives");
        require(tree == null || Files.isDirectory(tree), "-C: " + tree + " is not a directory");
        require(baseline != null || !writeBaseline, "--write-baseline wants --baseline=FILE, the file to write");
        require(threads == null || threads > 0, "--threads wants at least 1");
        Optional<Kernel> named = version == null ? Optional.empty() : Kernel.of(version);
        require(version == null || named.isPresent(), "no facts for kernel " + version);
        TreeConfig config = tree == null ? null : TreeConfig.read(tree);
        Kernel kernel = named.orElseGet(() -> config != null ? config.kernel() : Kernel.all().getLast());
        boolean fatal = errors || config != null && !config.config().has("CONFIG_SECTION_MISMATCH_WARN_ONLY");
        int workers = threads != null ? threads : Math.max(1, Runtime.getRuntime().availableProcessors());
        var report = new Report(err, 20);
        klink.Check.Result result;
        try {
            result = klink.Check.run(inputs(config), kernel, new Checks.Options(extraWarnings, true), workers, report);
        } catch (LinkFailed e) {
            report.flush();
            return 1;
        }
        report.flush();
        Path top = tree == null ? null : sources(tree);
        Findings found = report.pass("lines", () -> Findings.of(result.violations(), tree, top));
        Findings findings = found;
        if (baseline != null && (!writeBaseline || Files.exists(baseline))) {
            findings = found.comparedWith(Baseline.read(baseline));
        }
        var facts = new RunFacts(Version.NUMBER, kernel.version(), extraWarnings, fatal, result.objects(), result.references(),
                tree == null ? null : tree.toRealPath(), top);
        show(findings, facts);
        summary(findings, facts);
        if (writeBaseline) {
            Files.writeString(baseline, Baseline.of(findings).text(), StandardCharsets.UTF_8);
            err.println("klink: wrote " + counted(findings.count(), "finding") + " to " + baseline);
        }
        if (time) {
            Times.print(report, err);
        }
        if (writeBaseline) {
            return 0;
        }
        boolean fails = baseline != null ? findings.fresh() > 0 : findings.errors() > 0 || fatal && findings.mismatches() > 0;
        return fails ? 1 : 0;
    }

    private void show(Findings findings, RunFacts facts) {
        switch (format) {
            case json -> {
                JsonReport.write(findings, facts, out);
                out.println();
            }
            case sarif -> {
                SarifReport.write(findings, facts, out);
                out.println();
            }
            case text -> {
                var text = new TextReport(out, all);
                text.print(findings);
                if (facts.errors() && findings.freshMismatches() > 0) {
                    text.refusal();
                }
            }
        }
    }

    /// The last line: `2,367 objects, 1,110,000 references, 3 section mismatches (2 new)`.
    private void summary(Findings findings, RunFacts facts) {
        int others = findings.count() - findings.mismatches();
        boolean compared = findings.isCompared();
        err.println("klink: " + counted(facts.objects(), "object") + ", " + counted(facts.references(), "reference") + ", "
                + (findings.mismatches() == 0 ? "no section mismatches" : counted(findings.mismatches(), "section mismatch"))
                + (compared && findings.mismatches() > 0 ? " (" + findings.freshMismatches() + " new)" : "")
                + (others == 0 ? "" : ", " + counted(others, "other finding"))
                + (compared && others > 0 ? " (" + (findings.fresh() - findings.freshMismatches()) + " new)" : ""));
        int gone = findings.goneCount();
        if (gone > 0) {
            err.println("klink: " + gone + " of the baseline " + (gone == 1 ? "is" : "are") + " gone" + (writeBaseline ? "" : ": run with --write-baseline to lower it"));
        }
    }

    /// What modpost would have looked at: what vmlinux is linked from, without what the link stage itself makes.
    private List<InputSpec> inputs(TreeConfig config) throws IOException {
        var list = new ArrayList<InputSpec>();
        if (!files.isEmpty()) {
            for (String f : files) {
                list.add(new InputSpec(f, true, 0));
            }
            return list;
        }
        LinkFlags flags = LinkFlags.read(tree, null, config);
        // where the merged object is linked, what it was merged from has the better names
        Path parts = tree.resolve("vmlinux.a");
        Path whole = config.config().has("CONFIG_MODULES") && Files.exists(parts) ? parts : flags.whole().getFirst();
        list.add(new InputSpec(whole.normalize().toString(), true, 0));
        for (Path p : flags.libraries()) {
            list.add(new InputSpec(p.normalize().toString(), false, 1));
        }
        return list;
    }

    /// The top of the sources: kbuild leaves a link `source` in a build directory of its own.
    private static Path sources(Path tree) throws IOException {
        Path link = tree.resolve("source");
        return Files.isDirectory(link) ? link.toRealPath() : tree.toRealPath();
    }

    private static String counted(long n, String what) {
        String digits = Long.toString(n);
        var sb = new StringBuilder();
        for (int i = 0; i < digits.length(); i++) {
            sb.append(i > 0 && (digits.length() - i) % 3 == 0 ? "," : "").append(digits.charAt(i));
        }
        return sb + " " + what + (n == 1 ? "" : what.endsWith("h") ? "es" : "s");
    }

    private void require(boolean condition, String message) {
        if (!condition) {
            throw new ParameterException(spec.commandLine(), message);
        }
    }
}
