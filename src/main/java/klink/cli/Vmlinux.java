package klink.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import klink.KernelJob;
import klink.LinkOptions;
import klink.input.InputSpec;
import klink.kbuild.LinkFlags;
import klink.kbuild.TreeConfig;
import klink.report.BadInput;

/// `klink vmlinux`: the link stage of a built kernel tree.
final class Vmlinux {
    static final String HELP = """
            Usage: klink vmlinux [-C OBJTREE] [options]
            Links vmlinux in one pass from the objects of a built kernel tree, with kallsyms, sorted tables and System.map.
              -C OBJTREE          the tree (source tree, or the O= directory); default: here
              -o FILE             the image (OBJTREE/vmlinux); System.map goes beside it
              --link-env=FILE     take the flags from FILE (default: OBJTREE/link.env, else OBJTREE/.vmlinux.cmd, else the configuration)
              --btf=pahole|none   how .BTF is made (pahole if CONFIG_DEBUG_INFO_BTF)
              --btf=pahole-j      with pahole's -j, as kbuild has it: sooner done, but types are numbered anew in every run
              --no-debug-relocs   with --emit-relocs: leave out the relocations of debug sections, which nothing reads
              -Map=FILE           write a link map (OBJTREE/vmlinux.map if CONFIG_VMLINUX_MAP)
              --threads=N         default: one per processor
              --time              print what each pass took
              --error-limit=N     stop printing errors after N (20); 0: print all
            """;

    private Vmlinux() {}

    static int run(List<String> args, PrintStream out, PrintStream err) {
        Path tree = Path.of(".");
        Path output = null;
        Path env = null;
        String btf = null;
        var extra = new ArrayList<String>();
        for (int i = 0; i < args.size(); i++) {
            String a = args.get(i);
            if (a.equals("-C") || a.equals("-o")) {
                if (++i == args.size()) {
                    throw new UsageError("option '" + a + "' needs a value");
                }
                if (a.equals("-C")) {
                    tree = Path.of(args.get(i));
                } else {
                    output = Path.of(args.get(i));
                }
            } else if (a.startsWith("--link-env=")) {
                env = Path.of(a.substring(11));
            } else if (a.startsWith("--btf=")) {
                btf = a.substring(6);
                if (!btf.equals("pahole") && !btf.equals("pahole-j") && !btf.equals("none")) {
                    throw new UsageError(a + ": want pahole, pahole-j or none");
                }
            } else if (a.equals("--help") || a.equals("-h")) {
                out.print(HELP);
                return 0;
            } else if (a.startsWith("--time") || a.startsWith("--threads") || a.startsWith("--error-limit") || a.equals("--no-debug-relocs")
                    || a.startsWith("-Map=")) {
                extra.add(a);
            } else {
                throw new UsageError("unrecognized option '" + a + "'");
            }
        }
        try {
            return link(tree, output, env, btf, extra, out, err);
        } catch (BadInput e) {
            err.println(e.finding().text());
        } catch (IOException e) {
            err.println("klink: error: " + e.getMessage());
        }
        return 1;
    }

    private static int link(Path tree, Path output, Path env, String btf, List<String> extra, PrintStream out, PrintStream err) throws IOException {
        if (!Files.isDirectory(tree)) {
            throw new IOException(tree + " is not a directory");
        }
        TreeConfig config = TreeConfig.read(tree);
        LinkFlags flags = LinkFlags.read(tree, env, config);
        var words = new ArrayList<>(flags.ldFlags());
        words.addAll(extra);
        LinkOptions opt = LdArguments.parse(words).options();
        opt.script = flags.script();
        opt.output = output != null ? output : tree.resolve("vmlinux");
        if (opt.map == null && config.config().has("CONFIG_VMLINUX_MAP")) {
            opt.map = Path.of(opt.output + ".map");
        }
        var inputs = new ArrayList<InputSpec>();
        for (Path p : flags.whole()) {
            inputs.add(new InputSpec(p.normalize().toString(), true, 0));
        }
        for (Path p : flags.libraries()) {
            inputs.add(new InputSpec(p.normalize().toString(), false, 1));
        }
        opt.inputs = inputs;
        Map<String, String> environment = System.getenv();
        opt.kernel = new KernelJob(config.kernel(), config.config(), opt.output.resolveSibling("System.map"),
                btf(btf, config), environment.getOrDefault("PAHOLE", "pahole"), environment.getOrDefault("PAHOLE_FLAGS", flags.paholeFlags()));
        out.println("  LD      " + opt.output);
        return Ld.link(opt, err);
    }

    private static KernelJob.Btf btf(String option, TreeConfig config) {
        return switch (option) {
            case null -> config.config().has("CONFIG_DEBUG_INFO_BTF") ? KernelJob.Btf.CONFIGURED : KernelJob.Btf.NONE;
            case "pahole" -> KernelJob.Btf.PAHOLE;
            case "pahole-j" -> KernelJob.Btf.PARALLEL;
            default -> KernelJob.Btf.NONE;
        };
    }
}
