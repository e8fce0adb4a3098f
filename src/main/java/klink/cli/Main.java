package klink.cli;

import java.io.FileOutputStream;
import java.io.FileDescriptor;
import java.io.PrintStream;
import java.util.List;
import klink.script.ScriptError;

/// The `klink` command. `ld` and `vmlinux`, on which a kernel build waits, are dispatched before
/// anything else is loaded; the other subcommands go through picocli.
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        var out = new PrintStream(new FileOutputStream(FileDescriptor.out), true);
        var err = new PrintStream(new FileOutputStream(FileDescriptor.err), true);
        int status = run(List.of(args), out, err);
        out.flush();
        err.flush();
        Runtime.getRuntime().halt(status);
    }

    static int run(List<String> args, PrintStream out, PrintStream err) {
        String command = args.isEmpty() ? "" : args.getFirst();
        try {
            return switch (command) {
                case "ld" -> Ld.run(args.subList(1, args.size()), out, err);
                case "vmlinux" -> Vmlinux.run(args.subList(1, args.size()), out, err);
                default -> Commands.run(args, out, err);
            };
        } catch (ScriptError e) { // of a script among the input files
            err.println(e.finding().text());
            return 1;
        } catch (UsageError e) {
            err.println("klink: error: " + e.getMessage());
            err.println(">>> see klink " + (command.isEmpty() ? "" : command + " ") + "--help");
            return 2;
        }
    }
}
