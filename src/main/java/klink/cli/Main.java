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
                case "kbuild" -> Kbuild.run(args.subList(1, args.size()), out, err);
                case "train" -> train(args.subList(1, args.size()), out, err);
                default -> Commands.run(args, out, err);
            };
        } catch (ScriptError e) { // of a script among the input files
            err.println(e.finding().text());
            return 1;
        } catch (UsageError e) {
            err.println("klink: error: " + e.getMessage());
            err.println(">>> see klink " + (command.isEmpty() ? "" : command + " ") + "--help");
            return 2;
        } catch (OutOfMemoryError e) {
            err.println("klink: error: out of memory: the heap may grow to " + (Runtime.getRuntime().maxMemory() >> 20) + " MiB");
            err.println(">>> try: KLINK_JAVA_OPTS=-Xmx4g, or a machine with more memory");
            return 1;
        } catch (RuntimeException | StackOverflowError e) { // every expected failure has been turned into a message by now
            return defect(e, err);
        }
    }

    /// `klink train TREE...`: links one tree after the other in one process, for java to learn from (src/train/run).
    private static int train(List<String> trees, PrintStream out, PrintStream err) {
        int failed = 0;
        for (String tree : trees) {
            failed |= Vmlinux.run(List.of("-C", tree), out, err);
        }
        return failed;
    }

    /// A broken invariant: our own mistake, whatever the input. Says where, in one line; KLINK_TRACE=1 adds
    /// the rest.
    static int defect(Throwable e, PrintStream err) {
        StackTraceElement[] at = e.getStackTrace();
        err.println("klink: internal error: " + e + (at.length == 0 ? "" : " in " + at[0]));
        err.println(">>> this is a defect of klink, not of its input; please report it with the command line (KLINK_TRACE=1 shows more)");
        if (System.getenv("KLINK_TRACE") != null) {
            e.printStackTrace(err);
        }
        return 1;
    }
}
