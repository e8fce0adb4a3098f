package klink.kbuild;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import klink.kernel.Config;

/// How a kernel tree wants its vmlinux linked: flags, script, files in order. From `link.env` if there is
/// one, else from what kbuild saved of its own link (`.vmlinux.cmd`), else from the configuration as the
/// Makefiles do it ([ArchFlags]; Makefile, 6.1).
///
/// @param ldFlags   KBUILD_LDFLAGS and LDFLAGS_vmlinux, as words
/// @param baseFlags how many of them are KBUILD_LDFLAGS, which a `-r` link gets too
/// @param script    the expanded linker script
/// @param whole     linked whole, in order: `vmlinux.a`, the export object, the version object
/// @param libraries KBUILD_VMLINUX_LIBS: searched on demand, as one group
/// @param paholeFlags PAHOLE_FLAGS as scripts/pahole-flags.sh makes them, where the tree tells
public record LinkFlags(List<String> ldFlags, int baseFlags, Path script, List<Path> whole, List<Path> libraries, String paholeFlags) {
    private static final String EXPORT_OBJECT = ".vmlinux.export.o";

    /// @param env file to read instead of the tree's own, or null
    public static LinkFlags read(Path tree, Path env, TreeConfig config) throws IOException {
        Path file = env != null ? env : tree.resolve("link.env");
        Map<String, String> values = env != null || Files.exists(file) ? environment(Files.readString(file)) : fromTree(tree, config.config());
        return of(tree, values, config);
    }

    /// @param values the make variables KBUILD_LDFLAGS, LDFLAGS_vmlinux, KBUILD_LDS, KBUILD_VMLINUX_LIBS, PAHOLE_FLAGS; each may be missing
    public static LinkFlags of(Path tree, Map<String, String> values, TreeConfig config) {
        var flags = new ArrayList<String>();
        flags.addAll(words(values.getOrDefault("KBUILD_LDFLAGS", "")));
        int base = flags.size();
        flags.addAll(words(values.getOrDefault("LDFLAGS_vmlinux", "")));
        Path script = tree.resolve(values.getOrDefault("KBUILD_LDS", ArchFlags.of(config.config()).script()));
        var whole = new ArrayList<Path>();
        // scripts/link-vmlinux.sh: where objtool or clang's LTO has worked on the merged object, that one is linked
        boolean merged = config.config().has("CONFIG_LTO_CLANG") || config.config().has("CONFIG_X86_KERNEL_IBT");
        whole.add(tree.resolve(merged ? "vmlinux.o" : "vmlinux.a"));
        Path export = tree.resolve(EXPORT_OBJECT);
        if (config.config().has("CONFIG_MODULES") || Files.exists(export)) {
            whole.add(export);
        }
        whole.add(tree.resolve("init/version-timestamp.o"));
        var libraries = new ArrayList<Path>();
        for (String lib : merged ? List.<String>of() : words(values.getOrDefault("KBUILD_VMLINUX_LIBS", ""))) {
            libraries.add(tree.resolve(lib));
        }
        return new LinkFlags(List.copyOf(flags), base, script, List.copyOf(whole), List.copyOf(libraries), values.get("PAHOLE_FLAGS"));
    }

    /// The one of [#whole] that holds the kernel's table of exports, as kbuild compiles it; null if there is none.
    public Path exports() {
        for (Path p : whole) {
            if (p.endsWith(EXPORT_OBJECT)) {
                return p;
            }
        }
        return null;
    }

    private static Map<String, String> environment(String text) {
        var values = new HashMap<String, String>();
        for (String line : text.split("\n")) {
            int eq = line.indexOf('=');
            if (eq > 0 && line.charAt(0) != '#') {
                String v = line.substring(eq + 1).strip();
                boolean quoted = v.length() >= 2 && (v.charAt(0) == '"' || v.charAt(0) == '\'') && v.charAt(v.length() - 1) == v.charAt(0);
                values.put(line.substring(0, eq).strip(), quoted ? v.substring(1, v.length() - 1) : v);
            }
        }
        return values;
    }

    private static Map<String, String> fromTree(Path tree, Config config) throws IOException {
        var values = new HashMap<String, String>();
        ArchFlags arch = ArchFlags.of(config);
        Path saved = tree.resolve(".vmlinux.cmd");
        String command = Files.exists(saved) ? savedCommand(Files.readString(saved)) : null;
        if (command != null) {
            List<String> quoted = quoted(command);
            if (quoted.size() >= 3) {
                values.put("KBUILD_LDFLAGS", quoted.get(1));
                values.put("LDFLAGS_vmlinux", quoted.get(2));
            }
        }
        if (!values.containsKey("LDFLAGS_vmlinux")) {
            values.put("KBUILD_LDFLAGS", arch.base());
            values.put("LDFLAGS_vmlinux", arch.vmlinux() + " --build-id=sha1" + (config.has("CONFIG_STRIP_ASM_SYMS") ? " -X" : "")
                    + (config.has("CONFIG_LD_ORPHAN_WARN") ? " --orphan-handling=warn" : ""));
        }
        var libraries = new ArrayList<>(arch.libraries());
        libraries.addAll(config.has("CONFIG_MODULES") ? List.of() : arch.lazyLibraries());
        libraries.removeIf(lib -> !Files.exists(tree.resolve(lib)));
        values.put("KBUILD_VMLINUX_LIBS", String.join(" ", libraries));
        return values;
    }

    /// The line `cmd_vmlinux := ...` (6.1) or `savedcmd_vmlinux := ...` (later).
    private static String savedCommand(String text) {
        for (String line : text.split("\n")) {
            if (line.startsWith("cmd_vmlinux := ") || line.startsWith("savedcmd_vmlinux := ")) {
                return line.substring(line.indexOf(":= ") + 3);
            }
        }
        return null;
    }

    /// The double-quoted words of a command: `link-vmlinux.sh "ld" "KBUILD_LDFLAGS" "LDFLAGS_vmlinux"`.
    private static List<String> quoted(String command) {
        var list = new ArrayList<String>();
        for (int open = command.indexOf('"'); open >= 0; ) {
            int close = command.indexOf('"', open + 1);
            if (close < 0) {
                break;
            }
            list.add(command.substring(open + 1, close).strip());
            open = command.indexOf('"', close + 1);
        }
        return list;
    }

    private static List<String> words(String text) {
        var list = new ArrayList<String>();
        for (String w : text.strip().split("\\s+")) {
            if (!w.isEmpty()) {
                list.add(w);
            }
        }
        return list;
    }
}
