package klink.cli;

import java.io.PrintStream;
import java.util.List;

/// The subcommands besides `ld` and `vmlinux`.
final class Commands {
    private Commands() {}

    static int run(List<String> args, PrintStream out, PrintStream err) {
        throw new UsageError(args.isEmpty() ? "which command? ld, vmlinux" : "unknown command " + args.getFirst());
    }
}
