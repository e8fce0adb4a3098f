package klink.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import klink.FileTypes;
import klink.btf.BtfFeature;
import klink.btf.BtfOptions;
import klink.report.BadInput;
import klink.report.LinkFailed;
import klink.report.Report;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

/// `klink btf`: the types of a file with debug information, whoever linked it, as `pahole -J` makes them.
@Command(name = "btf", sortOptions = false,
        description = {"Make BTF, the kernel's types, from the debug information of a linked kernel, a module or objects.", "",
            "Options of pahole that a kernel passes to it are taken too, and mean the same: --btf_features=LIST, --btf_gen_floats, "
                + "--lang_exclude=LIST, --btf_gen_optimized, --skip_encoding_btf_inconsistent_proto and the like; -j has no meaning. "
                + "Without any it is --btf_gen_floats --lang_exclude=rust, as for a 6.1 kernel.", ""},
        customSynopsis = {"klink btf [-o OUT] FILE...", "   or: klink btf -J FILE...", "   or: klink btf --base VMLINUX MODULE...%n"},
        footer = {"", "Example: klink btf -o vmlinux.btf vmlinux && bpftool btf dump file vmlinux.btf",
            "", "Exit status: 0 done; 1 a file cannot be read; 2 wrong usage."})
final class Btf implements Callable<Integer> {
    @Option(names = {"-o", "--btf_encode_detached"}, paramLabel = "OUT", description = "Where the bytes of .BTF go (FILE.btf).")
    Path output;

    @Option(names = {"-J", "--btf_encode"}, description = "Add .BTF to each file, and number its .BTF_ids.")
    boolean adds;

    @Option(names = {"--base", "--btf_base"}, paramLabel = "VMLINUX",
            description = "The kernel whose types a module's continue: a file with .BTF, or of nothing else. Without -o, .BTF is added to each module as with -J.")
    String base;

    @Option(names = "--skip-unreadable", description = "Leave out a unit of debug information that cannot be read, with a warning. Without: an error.")
    boolean skips;

    @Option(names = "--threads", paramLabel = "N", description = "Default: one per processor.")
    int threads = Runtime.getRuntime().availableProcessors();

    @Option(names = "--time", description = "Print what each step took.")
    boolean time;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Show this.")
    boolean help;

    /// Options of pahole, and files.
    @Unmatched
    List<String> words = new ArrayList<>();

    @Spec
    CommandSpec spec;

    private final PrintStream err;

    Btf(PrintStream err) {
        this.err = err;
    }

    @Override
    public Integer call() throws IOException {
        var flags = new ArrayList<String>();
        var names = new ArrayList<String>();
        for (String word : words) {
            (word.startsWith("-") ? flags : names).add(word);
        }
        if (names.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "which file?");
        }
        BtfOptions options;
        try {
            options = flags.isEmpty() ? BtfOptions.DEFAULT : BtfOptions.of(flags);
        } catch (BtfOptions.Unknown e) {
            throw new ParameterException(spec.commandLine(), e.getMessage());
        }
        if (output != null && (adds || base != null && names.size() > 1)) {
            throw new ParameterException(spec.commandLine(), "-o takes the types of one file, or of one module");
        }
        if (output != null && options.features().contains(BtfFeature.DISTILLED_BASE)) {
            throw new ParameterException(spec.commandLine(), "distilled_base makes two sections of a module; -o takes one");
        }
        var report = new Report(err, 0);
        try {
            run(new FileTypes(skips ? options.skippingUnreadable() : options, threads, report), names);
            report.flush();
            return 0;
        } catch (BadInput e) {
            err.println(e.finding().text());
            return 1;
        } catch (LinkFailed e) {
            report.flush();
            return 1;
        }
    }

    private void run(FileTypes types, List<String> names) throws IOException {
        long start = System.nanoTime();
        if (base != null) {
            types.continues(base);
        }
        if (output != null || !adds && base == null) {
            Files.write(output != null ? output : Path.of(names.getFirst() + ".btf"), types.encode(names));
        } else {
            for (String name : names) {
                types.add(name);
            }
        }
        if (time) {
            err.println("klink: time: " + (System.nanoTime() - start) / 1_000_000 + " ms");
        }
    }
}
