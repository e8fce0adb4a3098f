package klink.inspect;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The real assembler, archiver and linkers, run on sources that a test writes.
record Toolchain(Path directory) {
    /// Assembles `source` to `name.o`.
    Path assemble(String name, String source) {
        write(name + ".s", source);
        run("as", "--64", "-o", name + ".o", name + ".s");
        return directory.resolve(name + ".o");
    }

    Path write(String name, String text) {
        try {
            return Files.writeString(directory.resolve(name), text);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    byte[] read(String name) {
        try {
            return Files.readAllBytes(directory.resolve(name));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /// Runs a command in the directory; its output. A failing command fails the test.
    String run(String... command) {
        try {
            var process = new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true).start();
            String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            if (process.waitFor() != 0) {
                throw new AssertionError(String.join(" ", command) + ": " + out);
            }
            return out;
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /// Links with a GNU-compatible linker: options, then objects.
    Path link(String linker, String output, String... args) {
        var command = new ArrayList<>(List.of(linker, "-m", "elf_x86_64", "-o", output));
        command.addAll(List.of(args));
        run(command.toArray(new String[0]));
        return directory.resolve(output);
    }
}
