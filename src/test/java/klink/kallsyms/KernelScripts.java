package klink.kallsyms;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import klink.oracle.KernelSource;

/// The kernel's own scripts/kallsyms, compiled, and scripts/mksysmap.
public final class KernelScripts {
    private KernelScripts() {}

    /// scripts/kallsyms.
    static synchronized Path kallsyms(Path tree) throws IOException {
        Path binary = Path.of("target", "kernel-tools", "bin", "kallsyms").toAbsolutePath();
        if (!Files.exists(binary)) {
            Files.createDirectories(binary.getParent());
            KernelSource.run(tree, "cc", "-O2", "-w", "-I" + tree.resolve("scripts/include"), "-o", binary.toString(), "scripts/kallsyms.c");
        }
        return binary;
    }

    /// What scripts/kallsyms prints for a System.map, or null if it fails.
    static byte[] kallsyms(Path tree, Path dir, byte[] map, List<String> flags) throws IOException, InterruptedException {
        Path in = Files.write(dir.resolve("kallsyms.map"), map);
        Path out = dir.resolve("kallsyms.S");
        var command = new ArrayList<>(List.of(kallsyms(tree).toString()));
        command.addAll(flags);
        command.add(in.toString());
        Process p = new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(dir.resolve("kallsyms.err").toFile()).start();
        return p.waitFor() == 0 ? Files.readAllBytes(out) : null;
    }

    /// What scripts/mksysmap leaves of nm's output for `file`.
    ///
    /// @param nm the command; `-n FILE` is appended to it
    public static byte[] mksysmap(Path tree, Path dir, String nm, Path file) throws IOException, InterruptedException {
        Path out = dir.resolve("mksysmap.out");
        var b = new ProcessBuilder("sh", tree.resolve("scripts/mksysmap").toString(), file.toString(), out.toString());
        b.environment().put("NM", nm);
        b.environment().put("LC_ALL", "C");
        int status = b.redirectErrorStream(true).redirectOutput(dir.resolve("mksysmap.err").toFile()).start().waitFor();
        if (status != 0) {
            throw new AssertionError("mksysmap: exit status " + status);
        }
        return Files.readAllBytes(out);
    }

    /// A stand-in for nm that prints the file it is given: for lists that no object could have.
    public static String printer(Path dir) throws IOException {
        Path script = Files.writeString(dir.resolve("print"), "#!/bin/sh\nexec cat \"$2\"\n");
        script.toFile().setExecutable(true);
        return script.toString();
    }
}
