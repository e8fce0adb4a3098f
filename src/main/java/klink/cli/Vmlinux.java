package klink.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import klink.ExportPlan;
import klink.KernelJob;
import klink.LinkOptions;
import klink.check.Checks;
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
              --btf=klink|none    how .BTF is made; without this by klink if CONFIG_DEBUG_INFO_BTF, or by
                                  pahole if the kernel asks it for what klink does not make (PAHOLE_FLAGS)
              --btf=pahole        by pahole, from an image of the debug information
              --btf=pahole-j      with pahole's -j, as kbuild has it: sooner done, but types are numbered anew in every run
              --no-debug-relocs   with --emit-relocs: leave out the relocations of debug sections, which nothing reads
              -Map=FILE           write a link map (OBJTREE/vmlinux.map if CONFIG_VMLINUX_MAP)
              --no-check          do not look for section mismatches
              --exports=made|tree take the kernel's table of exports from what its objects say (made), or from .vmlinux.export.o
              --symvers=FILE      write the exports of the kernel and all its modules, as in Module.symvers
              --export-source=FILE  write the table of exports as C source, as in .vmlinux.export.c
              --threads=N         default: one per processor
              --time              print what each pass took
              --error-limit=N     stop printing errors after N (20); 0: print all
            """;

    /// What a user may choose about the link of a kernel.
    static final class Choices {
        Path output;
        /// `klink`, `pahole`, `pahole-j`, `none`; null: as configured.
        String btf;
        boolean checks = true;
        /// Make the table of exports; otherwise kbuild has done it.
        boolean makesExports = true;
        /// Write `vmlinux.symvers`; otherwise modpost has.
        boolean writesSymvers = true;
        Path moduleSymvers;
        Path exportSource;
        /// Options that `klink ld` has too.
        final List<String> extra = new ArrayList<>();
    }

    private Vmlinux() {}

    static int run(List<String> args, PrintStream out, PrintStream err) {
        Path tree = Path.of(".");
        Path env = null;
        var chosen = new Choices();
        for (int i = 0; i < args.size(); i++) {
            String a = args.get(i);
            if (a.equals("-C") || a.equals("-o")) {
                if (++i == args.size()) {
                    throw new UsageError("option '" + a + "' needs a value");
                }
                if (a.equals("-C")) {
                    tree = Path.of(args.get(i));
                } else {
                    chosen.output = Path.of(args.get(i));
                }
            } else if (a.startsWith("--link-env=")) {
                env = Path.of(a.substring(11));
            } else if (a.startsWith("--btf=")) {
                chosen.btf = a.substring(6);
                if (!chosen.btf.equals("klink") && !chosen.btf.equals("pahole") && !chosen.btf.equals("pahole-j") && !chosen.btf.equals("none")) {
                    throw new UsageError(a + ": want klink, pahole, pahole-j or none");
                }
            } else if (a.equals("--exports=made") || a.equals("--exports=tree")) {
                chosen.makesExports = a.endsWith("made");
            } else if (a.startsWith("--symvers=")) {
                chosen.moduleSymvers = Path.of(a.substring(10));
            } else if (a.startsWith("--export-source=")) {
                chosen.exportSource = Path.of(a.substring(16));
            } else if (a.equals("--no-check")) {
                chosen.checks = false;
            } else if (a.equals("--help") || a.equals("-h")) {
                out.print(HELP);
                return 0;
            } else if (a.startsWith("--time") || a.startsWith("--threads") || a.startsWith("--error-limit") || a.equals("--no-debug-relocs")
                    || a.startsWith("-Map=")) {
                chosen.extra.add(a);
            } else {
                throw new UsageError("unrecognized option '" + a + "'");
            }
        }
        try {
            return link(tree, env, chosen, out, err);
        } catch (BadInput e) {
            err.println(e.finding().text());
        } catch (IOException e) {
            err.println("klink: error: " + e.getMessage());
        }
        return 1;
    }

    private static int link(Path tree, Path env, Choices chosen, PrintStream out, PrintStream err) throws IOException {
        if (!Files.isDirectory(tree)) {
            throw new IOException(tree + " is not a directory");
        }
        TreeConfig config = TreeConfig.read(tree);
        return link(tree, config, LinkFlags.read(tree, env, config), chosen, out, err);
    }

    /// Links `tree` as `flags` say.
    static int link(Path tree, TreeConfig config, LinkFlags flags, Choices chosen, PrintStream out, PrintStream err) throws IOException {
        var words = new ArrayList<>(flags.ldFlags());
        words.addAll(chosen.extra);
        LinkOptions opt = LdArguments.parse(words).options();
        opt.script = flags.script();
        opt.output = chosen.output != null ? chosen.output : tree.resolve("vmlinux");
        if (opt.map == null && config.config().has("CONFIG_VMLINUX_MAP")) {
            opt.map = Path.of(opt.output + ".map");
        }
        var inputs = new ArrayList<InputSpec>();
        Path table = chosen.makesExports ? flags.exports() : null;
        for (Path p : flags.whole()) {
            if (p.equals(table)) {
                continue; // it is made instead
            }
            inputs.add(new InputSpec(p.normalize().toString(), true, 0));
        }
        for (Path p : flags.libraries()) {
            inputs.add(new InputSpec(p.normalize().toString(), false, 1));
        }
        opt.inputs = inputs;
        Map<String, String> environment = System.getenv();
        opt.kernel = new KernelJob(config.kernel(), config.config(), opt.output.resolveSibling("System.map"),
                btf(chosen.btf, config), environment.getOrDefault("PAHOLE", "pahole"), environment.getOrDefault("PAHOLE_FLAGS", flags.paholeFlags()),
                chosen.checks ? new Checks.Options(environment.getOrDefault("KBUILD_EXTRA_WARN", "").contains("1"), true) : null,
                exports(tree, flags, chosen, opt));
        out.println("  LD      " + opt.output);
        return Ld.link(opt, err);
    }

    private static ExportPlan exports(Path tree, LinkFlags flags, Choices chosen, LinkOptions opt) {
        Path first = flags.whole().getFirst();
        var mergedFrom = new ArrayList<Path>();
        if (first.toString().endsWith(".o")) {
            mergedFrom.add(tree.resolve("vmlinux.a"));
        }
        String before = (chosen.makesExports || flags.exports() == null ? flags.whole().getLast() : flags.exports()).normalize().toString();
        return new ExportPlan(tree, chosen.makesExports, before, mergedFrom, chosen.writesSymvers ? opt.output.resolveSibling("vmlinux.symvers") : null, chosen.moduleSymvers,
                chosen.exportSource);
    }

    private static KernelJob.Btf btf(String option, TreeConfig config) {
        if (option == null) {
            return config.config().has("CONFIG_DEBUG_INFO_BTF") ? KernelJob.Btf.CONFIGURED : KernelJob.Btf.NONE;
        }
        return switch (option) {
            case "klink" -> KernelJob.Btf.MADE;
            case "pahole" -> KernelJob.Btf.PAHOLE;
            case "pahole-j" -> KernelJob.Btf.PARALLEL;
            default -> KernelJob.Btf.NONE;
        };
    }
}
