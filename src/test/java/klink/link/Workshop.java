package klink.link;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A directory in which a test makes its inputs with the real assembler and archiver, and its references with
/// the real linkers.
///
/// @param directory where everything is
public record Workshop(Path directory) {
    private static final String LLD = Files.isExecutable(Path.of("/usr/bin/ld.lld")) ? "ld.lld" : "ld.lld-19";

    /// What a command said and how it ended.
    public record Result(int status, String out) {}

    /// Whether this program can be run by its bare name.
    public static boolean has(String program) {
        for (String directory : System.getenv("PATH").split(":")) {
            if (Files.isExecutable(Path.of(directory, program))) {
                return true;
            }
        }
        return false;
    }

    public Path path(String name) {
        return directory.resolve(name);
    }

    public boolean isFile(String name) {
        return !name.startsWith("-") && Files.isRegularFile(path(name));
    }

    public Path write(String name, String text) {
        try {
            return Files.writeString(path(name), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Assembles `text` to the object `name`.
    public Path assemble(String name, String options, String text) {
        return assemble("x86_64", name, options, text);
    }

    /// Assembles for a machine, as GNU tools call it: `x86_64`, `aarch64`; `armeb` is big-endian arm.
    public Path assemble(String machine, String name, String options, String text) {
        write(name + ".s", text);
        var command = new ArrayList<>(machine.equals("x86_64") ? List.of("as", "--64") : List.of(tool(machine, "as")));
        if (machine.equals("armeb")) {
            command.add("-EB");
        }
        for (String o : options.split(" +")) {
            if (!o.isEmpty()) {
                command.add(o);
            }
        }
        command.addAll(List.of("-o", name, name + ".s"));
        run(command.toArray(new String[0]));
        return path(name);
    }

    /// @param parts the archive, then its members
    public void archive(boolean thin, List<String> parts) {
        var command = new ArrayList<>(List.of("ar", thin ? "rcsTD" : "rcsD"));
        command.addAll(parts);
        run(command.toArray(new String[0]));
    }

    /// Runs a command in the directory; a failing command fails the test.
    public String run(String... command) {
        Result r = execute(List.of(command));
        if (r.status != 0) {
            throw new AssertionError(String.join(" ", command) + ": " + r.out);
        }
        return r.out;
    }

    /// GNU's tool for a machine.
    public static String tool(String machine, String tool) {
        return machine.equals("x86_64") ? tool : machine.startsWith("arm") ? "arm-linux-gnueabihf-" + tool : machine + "-linux-gnu-" + tool;
    }

    /// Links to `LINKER.out`.
    public Result link(String linker, List<String> args) {
        return link("x86_64", linker, args);
    }

    /// Links for a machine to `LINKER.out`.
    public Result link(String machine, String linker, List<String> args) {
        var command = new ArrayList<>(List.of(linker.equals("ld.lld") ? LLD : tool(machine, linker), "-o", linker + ".out"));
        command.addAll(args);
        if (linker.equals("ld.lld")) {
            command.remove("--no-warn-rwx-segments");
        }
        return execute(command);
    }

    private Result execute(List<String> command) {
        try {
            var process = new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true).start();
            String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            return new Result(process.waitFor(), out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
