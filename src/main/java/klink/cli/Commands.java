package klink.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import klink.report.BadInput;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// The subcommands besides `ld` and `vmlinux`, through picocli. Those two parse for themselves, because
/// loading picocli takes longer than their whole parsing; here they are only names in a list, as are
/// `make` and `demo`, which the launcher runs before there is a JVM. `kbuild` is for make alone, and not listed.
@Command(name = "klink", versionProvider = Commands.VersionText.class,
        description = "Links a Linux kernel: the whole link stage in one pass.%n",
        synopsisSubcommandLabel = "COMMAND",
        footer = {"", "klink help COMMAND tells more. Exit status: 0 done, nothing found; 1 failed, or something found; 2 wrong usage."})
final class Commands implements Runnable {
    /// Commands that picocli never runs: name and the line of the list.
    private static final String[][] ELSEWHERE = {
        {"make", "make in a kernel tree, with klink doing the link stage."},
        {"vmlinux", "Link vmlinux from the objects of a built kernel tree."},
        {"ld", "Link with the command line of GNU ld."},
        {"demo", "Build a small kernel, link it with klink, boot it in QEMU."},
    };

    @CommandLine.Option(names = {"-h", "--help"}, usageHelp = true, description = "Show this.")
    boolean help;

    @CommandLine.Option(names = {"-V", "--version"}, versionHelp = true, description = "Show the version of klink and of its JVM.")
    boolean version;

    @Spec
    CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "which command?");
    }

    static int run(List<String> args, PrintStream out, PrintStream err) {
        if (!args.isEmpty() && args.getFirst().equals("help")) {
            return help(args, out, err);
        }
        return commandLine(out, err).execute(args.toArray(String[]::new));
    }

    private static CommandLine commandLine(PrintStream out, PrintStream err) {
        var commands = new CommandLine(new Commands());
        for (String[] command : ELSEWHERE) {
            var spec = CommandSpec.create();
            spec.usageMessage().description(command[1]);
            commands.addSubcommand(command[0], spec);
        }
        commands.addSubcommand(new Check(out, err));
        commands.addSubcommand(new Inspect(out, err));
        commands.addSubcommand(new Btf(err));
        commands.addSubcommand(new Bench(out, err));
        commands.setOut(new PrintWriter(out, true, StandardCharsets.UTF_8));
        commands.setErr(new PrintWriter(err, true, StandardCharsets.UTF_8));
        commands.setUsageHelpWidth(100);
        commands.setParameterExceptionHandler((e, _) -> {
            CommandLine failed = e.getCommandLine();
            String name = failed.getCommandSpec().qualifiedName(" ");
            boolean command = failed == commands && e instanceof CommandLine.UnmatchedArgumentException u && !u.isUnknownOption();
            err.println("klink: error: " + (command ? "no command '" + failed.getUnmatchedArguments().getFirst() + "'" : e.getMessage()));
            err.println(">>> see " + name + " --help");
            return 2;
        });
        commands.setExecutionExceptionHandler((e, _, _) -> failed(e, err));
        return commands;
    }

    /// What went wrong, as text: input that is not what it claims to be names its file, all else its cause.
    private static int failed(Exception e, PrintStream err) {
        switch (e) {
            case BadInput b -> err.println(b.finding().text());
            case IOException io -> err.println("klink: error: " + reason(io));
            case UncheckedIOException io -> err.println("klink: error: " + reason(io.getCause()));
            case RuntimeException r -> {
                return Main.defect(r, err);
            }
            default -> err.println("klink: error: " + e);
        }
        return 1;
    }

    /// The message of an [IOException]; those of java.nio.file for the commonest failures are a bare path.
    private static String reason(IOException e) {
        return switch (e) {
            case java.nio.file.NoSuchFileException n -> n.getFile() + ": no such file";
            case java.nio.file.AccessDeniedException d -> d.getFile() + ": permission denied";
            case java.nio.file.FileSystemException f -> f.getFile() + ": " + (f.getReason() == null ? "cannot be used" : f.getReason());
            default -> e.getMessage();
        };
    }

    private static int help(List<String> args, PrintStream out, PrintStream err) {
        String of = args.size() > 1 ? args.get(1) : "";
        switch (of) {
            case "ld" -> out.print(LdHelp.TEXT);
            case "vmlinux" -> out.print(Vmlinux.HELP);
            case "kbuild" -> out.print(Kbuild.HELP);
            case "make" -> out.println("Usage: klink make [--help]");
            case "demo" -> out.println("Usage: klink demo [--help]");
            case "" -> commandLine(out, err).usage(out);
            default -> {
                CommandLine command = commandLine(out, err).getSubcommands().get(of);
                if (command == null) {
                    err.println("klink: error: no command '" + of + "'");
                    err.println(">>> see klink --help");
                    return 2;
                }
                command.usage(out);
            }
        }
        return 0;
    }

    /// `klink --version`.
    static final class VersionText implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"klink " + Version.NUMBER, System.getProperty("java.vm.name") + " " + System.getProperty("java.runtime.version")};
        }
    }
}
