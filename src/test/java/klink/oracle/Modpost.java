package klink.oracle;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The kernel's own scripts/mod/modpost, compiled for one class of kernel, and what it says of an object.
///
/// One binary serves every machine of its class: modpost asks the object for its machine, but its types have the
/// width of the kernel for which it was built.
///
/// @param binary to run
public record Modpost(Path binary) {
    /// What it said and how it ended.
    ///
    /// @param messages one element for each `WARNING: modpost: ` and so on, with the lines that belong to it
    public record Verdict(int status, List<String> messages) {}

    private static final List<String> PREFIXES = List.of("WARNING: modpost: ", "ERROR: modpost: ", "FATAL: modpost: ");

    /// @param version of the kernel: `6.1`, `6.12`
    /// @param bits    32 or 64: the kernel's words
    /// @return empty where there is no source to compile
    public static synchronized Optional<Modpost> of(String version, int bits) {
        return KernelSource.tree(version).map(tree -> {
            Path directory = KernelSource.toolDirectory().resolve("modpost-" + version + "-" + bits);
            Path binary = directory.resolve("modpost");
            if (!Files.exists(binary)) {
                try {
                    Files.createDirectories(directory);
                    compile(tree, directory, bits);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
            return new Modpost(binary);
        });
    }

    /// As scripts/mod/Makefile does, but that the two headers it generates are made without a configured tree.
    private static void compile(Path tree, Path directory, int bits) throws IOException {
        Path mod = tree.resolve("scripts/mod");
        Files.writeString(directory.resolve("empty.s"), "");
        KernelSource.run(directory, "as", "--" + bits, "-o", "empty.o", "empty.s");
        KernelSource.run(directory, "gcc", "-w", "-o", "mk_elfconfig", mod.resolve("mk_elfconfig.c").toString());
        KernelSource.run(directory, "sh", "-c", "./mk_elfconfig < empty.o > elfconfig.h");
        deviceTables(tree, directory, bits);
        var gcc = new ArrayList<>(List.of("gcc", "-O2", "-w", "-I" + directory, "-I" + tree.resolve("scripts/include"), "-o", "modpost.new"));
        for (String source : List.of("modpost.c", "file2alias.c", "sumversion.c", "symsearch.c")) {
            if (Files.exists(mod.resolve(source))) {
                gcc.add(mod.resolve(source).toString());
            }
        }
        KernelSource.run(directory, gcc);
        Files.move(directory.resolve("modpost.new"), directory.resolve("modpost"));
    }

    /// devicetable-offsets.h, which modpost needs to compile and uses for modules only. The kernel's types come from
    /// the system's copy of its user headers.
    private static void deviceTables(Path tree, Path directory, int bits) throws IOException {
        Path linux = Files.createDirectories(directory.resolve("include/linux"));
        for (String header : List.of("mod_devicetable.h", "kbuild.h")) {
            Files.deleteIfExists(linux.resolve(header));
            Files.copy(tree.resolve("include/linux").resolve(header), linux.resolve(header));
        }
        var gcc = new ArrayList<>(List.of("gcc", "-m" + bits, "-S", "-O1", "-I" + directory.resolve("include"), "-I/usr/include/x86_64-linux-gnu"));
        for (String header : List.of("linux/types.h", "linux/uuid.h", "linux/mei.h", "stdbool.h", "stddef.h")) {
            gcc.addAll(List.of("-include", header));
        }
        gcc.addAll(List.of("-Dkernel_ulong_t=unsigned long", "-Duuid_t=guid_t", "-DUUID_STRING_LEN=36", "-DBITS_PER_LONG=" + bits,
                "-o", "offsets.s", tree.resolve("scripts/mod/devicetable-offsets.c").toString()));
        KernelSource.run(directory, gcc);
        var header = new StringBuilder();
        for (String line : Files.readAllLines(directory.resolve("offsets.s"))) {
            int arrow = line.indexOf("\"->"); // .ascii "->NAME $VALUE expression"
            if (arrow >= 0) {
                String[] words = line.substring(arrow + 3).split(" ");
                header.append("#define ").append(words[0]).append(' ').append(words[1].substring(1)).append('\n');
            }
        }
        Files.writeString(directory.resolve("devicetable-offsets.h"), header);
    }

    /// Runs it on `vmlinux.o` of a directory: it knows the kernel by that name.
    public Verdict check(Path directory, List<String> options) {
        var command = new ArrayList<>(List.of(binary.toString()));
        command.addAll(options);
        command.addAll(List.of("-o", "vmlinux.symvers", "vmlinux.o"));
        try {
            Process p = new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true).start();
            p.getOutputStream().close();
            String said = new String(p.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            return new Verdict(p.waitFor(), messages(said));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /// Cuts what was said into messages; empty lines at their ends are dropped.
    public static List<String> messages(String said) {
        var messages = new ArrayList<String>();
        for (String line : said.lines().toList()) {
            if (messages.isEmpty() || PREFIXES.stream().anyMatch(line::startsWith)) {
                messages.add(line);
            } else {
                messages.set(messages.size() - 1, messages.getLast() + "\n" + line);
            }
        }
        messages.replaceAll(String::stripTrailing);
        return List.copyOf(messages);
    }
}
