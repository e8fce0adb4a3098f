package klink.oracle;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// The kernel's own build tools, compiled from a kernel source package: what our results are compared with.
///
/// Looks for an unpacked tree in the property `klink.kernel.tree` (6.1; of 6.12: `klink.kernel.tree.6.12`), else
/// unpacks what the tools need of Debian's linux-source-VERSION package below `target/`. Nothing of it enters the
/// repository.
public final class KernelSource {
    private static final Path TOOLS = Path.of("target", "kernel-tools").toAbsolutePath();
    /// What scripts/mod includes from outside `scripts`.
    private static final List<String> MODPOST = List.of("include/linux/license.h", "include/linux/mod_devicetable.h", "include/linux/kbuild.h");

    /// Why a test that wants the tools is skipped where [#tree] is empty.
    public static final String MISSING = "needs kernel source: -Dklink.kernel.tree=DIR or the package linux-source-6.1";

    private KernelSource() {}

    /// Why a test that wants modpost of this version is skipped where [#tree(String)] is empty.
    public static String missing(String version) {
        return "needs the package linux-source-" + version;
    }

    /// A 6.1 tree to compile tools from.
    public static Optional<Path> tree() {
        return tree("6.1");
    }

    /// A tree to compile modpost from; that of 6.1 has the other tools too.
    ///
    /// @param version as in the package's name: `6.1`, `6.12`
    public static synchronized Optional<Path> tree(String version) {
        String given = System.getProperty(version.equals("6.1") ? "klink.kernel.tree" : "klink.kernel.tree." + version);
        if (given != null) {
            return Optional.of(Path.of(given)).filter(p -> Files.exists(p.resolve("scripts/mod/modpost.c")));
        }
        String name = "linux-source-" + version;
        Path tarball = Path.of("/usr/src", name + ".tar.xz");
        if (!Files.exists(tarball)) {
            return Optional.empty();
        }
        Path done = TOOLS.resolve("unpacked-" + version);
        if (!Files.exists(done)) {
            try {
                Files.createDirectories(TOOLS);
                var tar = new ArrayList<>(List.of("tar", "-xf", tarball.toString()));
                unpacked(version).forEach(p -> tar.add(name + "/" + p));
                run(TOOLS, tar);
                Files.createFile(done);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return Optional.of(TOOLS.resolve(name));
    }

    private static List<String> unpacked(String version) {
        var paths = new ArrayList<>(MODPOST);
        if (version.equals("6.1")) {
            paths.addAll(List.of("scripts", "tools/arch/x86/include", "tools/include", "tools/build", "tools/scripts", "tools/lib",
                    "tools/bpf/resolve_btfids", "include/linux/btf_ids.h"));
        } else {
            paths.addAll(List.of("scripts/mod", "scripts/include", "include/linux/module_symbol.h"));
        }
        return paths;
    }

    /// scripts/sorttable as scripts/Makefile builds it: with mcount, and for x86 with ORC.
    public static synchronized Path sorttable(Path tree, boolean orc) {
        Path binary = toolDirectory().resolve(orc ? "sorttable-orc" : "sorttable");
        if (!Files.exists(binary)) {
            var gcc = new ArrayList<>(List.of("gcc", "-O2", "-w", "-I" + tree.resolve("tools/include"),
                    "-I" + tree.resolve("tools/arch/x86/include"), "-DMCOUNT_SORT_ENABLED"));
            if (orc) {
                gcc.add("-DUNWINDER_ORC_ENABLED");
            }
            gcc.addAll(List.of("-o", binary.toString(), tree.resolve("scripts/sorttable.c").toString(), "-lpthread"));
            run(toolDirectory(), gcc);
        }
        return binary;
    }

    /// tools/bpf/resolve_btfids: a built one in the tree, else built here.
    public static synchronized Path resolveBtfids(Path tree) {
        Path built = tree.resolve("tools/bpf/resolve_btfids/resolve_btfids");
        if (!Files.exists(built)) {
            Path out = toolDirectory().resolve("resolve_btfids");
            built = out.resolve("resolve_btfids");
            if (!Files.exists(built)) {
                createDirectories(out);
                run(tree, List.of("make", "-C", "tools/bpf/resolve_btfids", "OUTPUT=" + out + "/"));
            }
        }
        return built;
    }

    /// Where compiled tools are kept between runs.
    static Path toolDirectory() {
        return createDirectories(TOOLS.resolve("bin"));
    }

    private static Path createDirectories(Path directory) {
        try {
            return Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Runs a command that must succeed; its output, both streams together.
    public static String run(Path directory, List<String> command) {
        try {
            var builder = new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
            builder.environment().put("LLVM_OBJCOPY", "objcopy"); // for pahole -J, as in scripts/link-vmlinux.sh
            Process p = builder.start();
            p.getOutputStream().close();
            String output = new String(p.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            int status = p.waitFor();
            if (status != 0) {
                throw new AssertionError(String.join(" ", command) + ": exit status " + status + "\n" + output);
            }
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    public static String run(Path directory, String... command) {
        return run(directory, Arrays.asList(command));
    }
}
