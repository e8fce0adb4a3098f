package klink.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// A klink command run inside the test's own process: what `klink ARGS` would print and return. A JVM for
/// each of the several hundred links that the tests make would cost minutes.
public final class CommandLine {
    /// @param status exit status
    /// @param out    standard output
    /// @param err    standard error
    public record Result(int status, String out, String err) {}

    private CommandLine() {}

    /// @throws AssertionError if klink blames itself: no input and no command line may bring that about
    public static Result run(List<String> args) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        int status = Main.run(args, new PrintStream(out, true, StandardCharsets.UTF_8), new PrintStream(err, true, StandardCharsets.UTF_8));
        String said = err.toString(StandardCharsets.UTF_8);
        if (said.contains("internal error") || said.contains("klink: error: out of memory")) {
            throw new AssertionError(String.join(" ", args) + ": " + said);
        }
        return new Result(status, out.toString(StandardCharsets.UTF_8), said);
    }
}
