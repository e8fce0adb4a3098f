package klink.script;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The real `as`, `ld` and `readelf`: links one small object by a script and gives the symbols.
final class LdOracle {
    /// The object's sections have these sizes and symbols; scripts place them.
    static final String OBJECT = """
        .section .text,"ax"
        .globl t0, t1, t2
        t0: .skip 0x28
        t1: .skip 0x35
        t2: .skip 3
        .section .data,"aw"
        .globl d0, d1
        d0: .skip 0x10
        d1: .skip 0x1c
        .globl fixed
        fixed = 0x4321
        """;
    static final int TEXT_SIZE = 0x60;
    static final int DATA_SIZE = 0x2c;

    /// @param section name, or "ABS"
    record Sym(long value, String section) {}

    record Result(int status, String output, Map<String, Sym> symbols) {}

    private final Path dir;

    LdOracle(Path dir) {
        this(dir, OBJECT);
    }

    /// @param source assembly of the object to link
    LdOracle(Path dir, String source) {
        this.dir = dir;
        try {
            Files.writeString(dir.resolve("in.s"), source);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (!available() || run("as", "-o", "in.o", "in.s").status != 0) {
            throw new IllegalStateException("as or ld do not run here");
        }
    }

    static boolean available() {
        try {
            var ld = new ProcessBuilder("ld", "--version").redirectErrorStream(true).start();
            String version = new String(ld.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            return ld.waitFor() == 0 && version.startsWith("GNU ld") && System.getProperty("os.arch").equals("amd64");
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    Result link(String script, String... options) {
        try {
            Files.deleteIfExists(dir.resolve("out"));
            Files.writeString(dir.resolve("t.lds"), script, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var command = new java.util.ArrayList<>(List.of("ld", "-z", "max-page-size=0x1000", "-z", "common-page-size=0x1000",
                "--no-warn-rwx-segments", "-e", "0", "-T", "t.lds", "-o", "out"));
        command.addAll(List.of(options));
        command.add("in.o");
        Result ld = run(command.toArray(String[]::new));
        if (!Files.exists(dir.resolve("out"))) {
            return ld;
        }
        return new Result(ld.status, ld.output, symbols());
    }

    /// What a section of the last output holds.
    byte[] contents(String section) throws IOException {
        run("objcopy", "-O", "binary", "-j", section, "out", "out.bin");
        return Files.readAllBytes(dir.resolve("out.bin"));
    }

    private Map<String, Sym> symbols() {
        var sections = new HashMap<String, String>();
        for (String line : run("readelf", "-SW", "out").output.split("\n")) {
            int close = line.indexOf(']');
            if (line.startsWith("  [") && close > 0 && !line.contains("Name")) {
                sections.put(line.substring(3, close).trim(), line.substring(close + 2).split(" +")[0]);
            }
        }
        var symbols = new HashMap<String, Sym>();
        for (String line : run("readelf", "-sW", "out").output.split("\n")) {
            String[] f = line.trim().split(" +");
            if (f.length == 8 && f[0].endsWith(":") && !f[0].equals("Num:")) {
                symbols.put(f[7], new Sym(Long.parseUnsignedLong(f[1], 16), f[6].equals("ABS") ? "ABS"
                        : sections.getOrDefault(f[6], f[6])));
            }
        }
        return symbols;
    }

    private Result run(String... command) {
        try {
            var p = new ProcessBuilder(command).directory(dir.toFile()).redirectErrorStream(true).start();
            p.getOutputStream().close();
            String output = new String(p.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            return new Result(p.waitFor(), output, Map.of());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
