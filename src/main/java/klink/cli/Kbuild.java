package klink.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import klink.LinkOptions;
import klink.StandInLink;
import klink.image.OutputFile;
import klink.kernel.Config;
import klink.kbuild.LinkFlags;
import klink.kbuild.MergedObject;
import klink.kbuild.TreeConfig;
import klink.report.BadInput;
import klink.report.LinkFailed;
import klink.report.Report;
import klink.symvers.MergeOrder;

/// `klink kbuild STEP`: what the recipes of `klink make` run (kbuild/make), in the top directory of the build. Each
/// takes the arguments that the kernel's own recipe would give to its command.
final class Kbuild {
    static final String HELP = """
            Usage: klink kbuild STEP ARGUMENTS
            One step of the kernel's link stage. make runs this for klink make; it is of no use without.
              vmlinux.o LD-ARGUMENTS                         in the place of `ld -r`: the object that modpost reads
              vmlinux LD KBUILD_LDFLAGS LDFLAGS_vmlinux      in the place of scripts/link-vmlinux.sh
            """;

    private static final Path HERE = Path.of("");

    private Kbuild() {}

    static int run(List<String> args, PrintStream out, PrintStream err) {
        String step = args.isEmpty() ? "" : args.getFirst();
        if (step.equals("-h") || step.equals("--help")) {
            out.print(HELP);
            return 0;
        }
        List<String> rest = args.isEmpty() ? args : args.subList(1, args.size());
        try {
            return switch (step) {
                case "vmlinux.o" -> merged(rest, out, err);
                case "vmlinux" -> vmlinux(rest, System.getenv(), out, err);
                case "" -> throw new UsageError("which step?");
                default -> throw new UsageError("no step '" + step + "'");
            };
        } catch (BadInput e) {
            err.println(e.finding().text());
        } catch (UncheckedIOException e) {
            err.println("klink: error: " + e.getCause().getMessage());
        } catch (IOException e) {
            err.println("klink: error: " + e.getMessage());
        } catch (LinkFailed e) {
            // the report has said why
        }
        return 1;
    }

    /// `vmlinux.o`: the merged object where a tool of the kernel works on it, else a stand-in.
    private static int merged(List<String> args, PrintStream out, PrintStream err) throws IOException {
        TreeConfig tree = tree();
        LdArguments.Parsed parsed = LdArguments.parse(args);
        LinkOptions opt = parsed.options();
        String reader = MergedObject.reader(tree.config());
        if (reader != null) {
            out.println("klink: note: making the whole vmlinux.o: " + reader);
            opt.mergeOrder = MergeOrder.of(tree.config());
            opt.uniqueNames = MergedObject.apart(tree.kernel(), tree.config());
            return Ld.link(opt, err);
        }
        var report = new Report(err, opt.errorLimit);
        write(opt.output, StandInLink.make(opt, tree.config(), report));
        if (opt.map != null) {
            write(opt.map, MergedObject.NO_MAP.getBytes(StandardCharsets.UTF_8));
        }
        report.flush();
        return 0;
    }

    private static void write(Path path, byte[] bytes) throws IOException {
        try (OutputFile output = OutputFile.create(path, false)) {
            output.write(MemorySegment.ofArray(bytes), 0);
            output.commit();
        }
    }

    /// `vmlinux`, with the flags that make gives: arguments as of scripts/link-vmlinux.sh, the rest as there from the
    /// environment.
    private static int vmlinux(List<String> args, Map<String, String> environment, PrintStream out, PrintStream err) throws IOException {
        if (args.size() != 3) {
            throw new UsageError("step vmlinux takes LD, KBUILD_LDFLAGS and LDFLAGS_vmlinux");
        }
        if (!environment.containsKey("KBUILD_LDS")) {
            throw new UsageError("KBUILD_LDS is not set: make runs this, as the recipe of vmlinux");
        }
        TreeConfig tree = tree();
        var values = new HashMap<String, String>();
        values.put("KBUILD_LDFLAGS", args.get(1));
        values.put("LDFLAGS_vmlinux", args.get(2));
        for (String name : List.of("KBUILD_LDS", "KBUILD_VMLINUX_LIBS", "PAHOLE_FLAGS")) {
            if (environment.containsKey(name)) {
                values.put(name, environment.get(name));
            }
        }
        var chosen = new Vmlinux.Choices();
        chosen.output = HERE.resolve("vmlinux");
        chosen.writesSymvers = false;
        chosen.checks = !MergedObject.isMade(tree.config()); // else modpost has looked at it
        return Vmlinux.link(HERE, tree, LinkFlags.of(HERE, values, tree), chosen, out, err);
    }

    private static boolean isServed(Config config) {
        return config.has("CONFIG_X86_64") || config.has("CONFIG_ARM64") || config.has("CONFIG_ARM")
                || config.has("CONFIG_PPC64") && config.has("CONFIG_CPU_LITTLE_ENDIAN");
    }

    private static TreeConfig tree() throws IOException {
        TreeConfig tree = TreeConfig.read(HERE);
        if (!isServed(tree.config())) {
            throw new IOException("this kernel is not for x86_64, arm64, arm or little-endian powerpc64, the machines that klink make serves so far\n>>> plain make builds it");
        }
        return tree;
    }
}
