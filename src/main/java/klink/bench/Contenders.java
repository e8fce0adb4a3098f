package klink.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import klink.btf.Pahole;
import klink.inspect.ElfImage;
import klink.kbuild.LinkFlags;
import klink.kbuild.TreeConfig;
import klink.kernel.PaholeFlag;
import klink.report.Report;

/// Who runs against whom on one kernel tree: klink in the place of link-vmlinux.sh; kbuild's own, once for each linker; and
/// for lld a single plain link, which makes no working kernel but is the time that a link takes.
final class Contenders {
    private static final String SCRIPT = "kbuild-stage.sh";

    private final Benchmark.Options opt;
    private final Path tree;
    private final Path scratch;
    private final TreeConfig config;
    private final LinkFlags flags;
    private final boolean btf;

    Contenders(Benchmark.Options opt, Path scratch) throws IOException {
        this.opt = opt;
        this.scratch = scratch;
        tree = opt.tree().toAbsolutePath().normalize();
        config = TreeConfig.read(tree);
        flags = LinkFlags.read(tree, null, config);
        btf = has("CONFIG_DEBUG_INFO_BTF") && opt.btf() && hasDebugInfo(flags.whole().getLast());
        if (has("CONFIG_LTO_CLANG")) {
            throw new IOException(tree + " is built with CONFIG_LTO_CLANG, whose vmlinux.o is made by the compiler");
        }
    }

    String release() {
        return config.release();
    }

    boolean btf() {
        return btf;
    }

    /// Objects that are stripped of debug information have no types to describe, whatever the configuration says.
    private static boolean hasDebugInfo(Path object) {
        return ElfImage.open(object).section(".debug_info").isPresent();
    }

    List<Contender> list() throws IOException {
        var list = new ArrayList<Contender>();
        list.add(klink(CheckCost.WITH, "klink vmlinux: all that link-vmlinux.sh does, and the section checks of modpost", "klink", List.of()));
        list.add(klink(CheckCost.WITHOUT, "the same without section checks", "klink", List.of("--no-check")));
        if (btf) {
            list.add(klink("klink, pahole", "the same with types made by pahole", "pahole", List.of()));
        }
        if (varies()) {
            list.add(klink("klink, pahole -j", "the same with pahole's -j, as kbuild has it", "pahole-j", List.of()));
        }
        if (flags.ldFlags().contains("--emit-relocs") && hasDebugInfo(flags.whole().getLast())) {
            list.add(klink("klink --no-debug-relocs", "the same without relocations of debug sections, which nothing reads",
                    "klink", List.of("--no-debug-relocs")));
        }
        Path script = scratch.resolve(SCRIPT);
        try (InputStream in = Contenders.class.getResourceAsStream(SCRIPT)) {
            Files.write(script, in.readAllBytes());
        }
        for (String linker : opt.linkers()) {
            boolean lld = Machine.version(linker).contains("LLD");
            list.add(kbuild(linker, lld, script));
            if (lld) {
                list.add(plain(linker));
            }
        }
        return list;
    }

    private Contender klink(String name, String what, String btfMaker, List<String> extra) {
        Path out = scratch.resolve(name.replace(' ', '_').replace(",", ""));
        var command = new ArrayList<>(List.of(opt.klink().toString(), "vmlinux", "-C", tree.toString(), "-o", out.resolve("vmlinux").toString()));
        command.add("--btf=" + (btf ? btfMaker : "none"));
        if (!opt.modpost()) {
            command.add("--exports=tree");                 // as kbuild's lines, which then have no modpost to make a table
        }
        command.addAll(extra);
        return new Contender(name, what, command, Map.of(), tree, out, btfMaker.equals("pahole-j"));
    }

    /// pahole with `-j` gives types other numbers, and `.BTF` another size, in every run; unless told to be reproducible.
    private boolean varies() {
        return btf && words(paholeFlags()).stream().anyMatch(w -> w.startsWith("-j")) && !paholeFlags().contains("reproducible_build");
    }

    private Contender plain(String linker) {
        Path out = scratch.resolve("one-" + fileName(linker));
        var command = new ArrayList<>(List.of(linker));
        command.addAll(words(linkerFlags(true)));
        command.addAll(words(vmlinuxFlags()));
        command.addAll(List.of("--script=" + flags.script(), "-o", out.resolve("vmlinux").toString(), "--whole-archive"));
        flags.whole().forEach(p -> command.add(p.toString()));
        command.addAll(List.of("--no-whole-archive", "--start-group"));
        flags.libraries().forEach(p -> command.add(p.toString()));
        command.add("--end-group");
        return new Contender(fileName(linker) + ", one link", "a single link of the same objects: no kallsyms, nothing checked or sorted",
                command, Map.of(), tree, out, false);
    }

    private Contender kbuild(String linker, boolean lld, Path script) throws IOException {
        Path out = scratch.resolve("kbuild-" + fileName(linker));
        var tools = new KernelTools(tree, opt.tools());
        Map<String, String> system = System.getenv();
        var e = new LinkedHashMap<String, String>();
        e.put("out", out.toString());
        e.put("ld", linker);
        e.put("bits", has("CONFIG_64BIT") ? "64" : "32");
        String cross = system.getOrDefault("CROSS_COMPILE", "");
        e.put("nm", system.getOrDefault("NM", cross + "nm"));
        e.put("objcopy", system.getOrDefault("OBJCOPY", cross + "objcopy"));
        e.put("cc", system.getOrDefault("CC", cross + "gcc"));
        e.put("ar", system.getOrDefault("AR", cross + "ar"));
        e.put("pahole", pahole());
        e.put("has_modpost", yes(opt.modpost()));
        e.put("modpost", opt.modpost() ? tools.find("scripts/mod/modpost").toString() : "");
        e.put("mksysmap", tools.find("scripts/mksysmap").toString());
        e.put("kallsyms", has("CONFIG_KALLSYMS") ? tools.find("scripts/kallsyms").toString() : "");
        e.put("sorttable", has("CONFIG_BUILDTIME_TABLE_SORT") ? tools.find("scripts/sorttable").toString() : "");
        boolean ids = btf && has("CONFIG_BPF");
        e.put("resolve_btfids", ids ? tools.find("tools/bpf/resolve_btfids/resolve_btfids").toString() : "");
        e.put("ldflags", linkerFlags(lld));
        e.put("vmflags", vmlinuxFlags());
        e.put("script", flags.script().toString());
        e.put("libs", joined(flags.libraries()));
        e.put("objects", joined(flags.whole().subList(1, flags.whole().size())));
        e.put("modpost_args", modpostArguments());
        e.put("kallsyms_args", kallsymsArguments());
        e.put("pahole_flags", btf ? paholeFlags() : "");
        e.put("has_kallsyms", yes(has("CONFIG_KALLSYMS")));
        e.put("has_btf", yes(btf));
        e.put("has_btf_ids", yes(ids));
        e.put("has_sort", yes(has("CONFIG_BUILDTIME_TABLE_SORT")));
        e.put("has_map", yes(has("CONFIG_VMLINUX_MAP")));
        e.put("has_modversions", yes(has("CONFIG_MODVERSIONS")));
        e.put("from_vmlinux_o", yes(has("CONFIG_X86_KERNEL_IBT")));
        String what = (opt.modpost() ? "vmlinux.o, modpost and " : "") + "all that link-vmlinux.sh does, with " + linker + " and the kernel's tools";
        return new Contender("kbuild, " + fileName(linker), what, List.of("sh", script.toString()), e, tree, out, varies());
    }

    String pahole() {
        return System.getenv().getOrDefault("PAHOLE", "pahole");
    }

    private boolean has(String option) {
        return config.config().has(option);
    }

    private String vmlinuxFlags() {
        return String.join(" ", flags.ldFlags().subList(flags.baseFlags(), flags.ldFlags().size()));
    }

    /// The kernel's Makefile asks each linker which of these it knows; lld knows no --no-warn-rwx-segments.
    private String linkerFlags(boolean lld) {
        var f = new ArrayList<>(flags.ldFlags().subList(0, flags.baseFlags()));
        if (lld) {
            f.remove("--no-warn-rwx-segments");
        }
        return String.join(" ", f);
    }

    private String modpostArguments() {
        var sb = new StringBuilder();
        option(sb, has("CONFIG_MODVERSIONS"), "-m");
        option(sb, has("CONFIG_MODULE_SRCVERSION_ALL"), "-a");
        option(sb, !has("CONFIG_SECTION_MISMATCH_WARN_ONLY"), "-E");
        option(sb, has("CONFIG_MODULE_ALLOW_MISSING_NAMESPACE_IMPORTS"), "-N");
        return sb.toString();
    }

    private String kallsymsArguments() {
        var sb = new StringBuilder();
        option(sb, has("CONFIG_KALLSYMS_ALL"), "--all-symbols");
        option(sb, has("CONFIG_KALLSYMS_ABSOLUTE_PERCPU"), "--absolute-percpu");
        option(sb, has("CONFIG_KALLSYMS_BASE_RELATIVE"), "--base-relative");
        return sb.toString();
    }

    private String paholeFlags() {
        String given = System.getenv("PAHOLE_FLAGS");
        if (given == null) {
            given = flags.paholeFlags();
        }
        return given != null ? given : PaholeFlag.all(config.kernel(), Pahole.version(pahole(), new Report(System.err, 0)));
    }

    private static void option(StringBuilder sb, boolean wanted, String text) {
        if (wanted) {
            sb.append(sb.isEmpty() ? "" : " ").append(text);
        }
    }

    private static String yes(boolean b) {
        return b ? "yes" : "";
    }

    private static String joined(List<Path> paths) {
        var sb = new StringBuilder();
        paths.forEach(p -> sb.append(sb.isEmpty() ? "" : " ").append(p));
        return sb.toString();
    }

    private static List<String> words(String text) {
        return text.isBlank() ? List.of() : List.of(text.strip().split(" +"));
    }

    private static String fileName(String program) {
        return program.substring(program.lastIndexOf('/') + 1);
    }
}
