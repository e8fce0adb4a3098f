package klink.btf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import klink.KernelJob;
import klink.Link;
import klink.LinkOptions;
import klink.input.InputSpec;
import klink.inspect.BtfComparison;
import klink.kernel.Config;
import klink.kernel.Kernel;
import klink.kernel.PaholeFlag;
import klink.oracle.KernelSource;
import klink.report.LinkFailed;
import klink.report.Report;
import klink.script.Script;
import klink.script.Source;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Whole links with `.BTF` and `.BTF_ids`, against what scripts/link-vmlinux.sh of 6.1 does with ld, pahole,
/// objcopy and resolve_btfids.
class LinkedTypesTest {
    /// As in a kernel, `.BTF` stands before sections that its size moves; per-CPU data at 0 and not.
    static final String SCRIPT = """
            SECTIONS {
              .data..percpu PERCPU : { *(.data..percpu) }
              . = 0x400000;
              .text : { *(.text*) }
              .BTF : { __start_BTF = .; KEEP(*(.BTF)) __stop_BTF = .; }
              . = ALIGN(4);
              .BTF_ids : { *(.BTF_ids) }
              .data : { *(.data) }
            }
            """;
    private static final String CONFIG = "CONFIG_DEBUG_INFO_BTF=y\nCONFIG_BPF=y\n";

    @TempDir
    Path dir;

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    @ParameterizedTest
    @ValueSource(strings = {"gcc -gdwarf-4", "gcc -gdwarf-5", "gcc -gdwarf-5 -gz=zlib", "clang-19 -gdwarf-4", "clang-19 -gdwarf-5"})
    void likeKbuild(String compiler) throws IOException {
        assumeTrue(PaholeTest.available(), "needs pahole");
        assumeTrue(runs(compiler.substring(0, compiler.indexOf(' '))), "needs " + compiler);
        Path tree = KernelSource.tree().orElse(null);
        assumeTrue(tree != null, KernelSource.MISSING);
        BtfProgram.compile(dir, new Random(compiler.hashCode()), 64, List.of(compiler.split(" ")));
        for (String percpu : List.of("0", "0x300000")) {
            Files.writeString(dir.resolve("image.lds"), SCRIPT.replace("PERCPU", percpu));
            String theirWords = kbuild(tree);
            printed.reset();
            link(1, "pahole", "ours");
            link(3, "pahole", "ours3");
            assertArrayEquals(Files.readAllBytes(dir.resolve("ours")), Files.readAllBytes(dir.resolve("ours3")));
            var program = new BtfProgram(dir, dir.resolve("ours"));
            for (String section : List.of(".BTF", ".BTF_ids", ".text", ".data", ".data..percpu")) {
                assertArrayEquals(program.section(dir.resolve("theirs"), section), program.section(dir.resolve("ours"), section), section);
            }
            assertTrue(theirWords.contains("unresolved"), theirWords);
            assertEquals(theirWords.replace("WARN: resolve_btfids:", "WARN:").repeat(2),
                    printed.toString(StandardCharsets.UTF_8).replace("klink: warning: resolve_btfids:", "WARN:"));
            assertEquals(List.of(), scratch());
        }
    }

    /// The same types without pahole, and `.BTF_ids` that name the same types by other numbers.
    @ParameterizedTest
    @ValueSource(strings = {"gcc -gdwarf-4", "gcc -gdwarf-5", "gcc -gdwarf-5 -gz=zlib", "clang-19 -gdwarf-4", "clang-19 -gdwarf-5"})
    void ownTypes(String compiler) throws IOException {
        assumeTrue(PaholeTest.available(), "needs pahole");
        assumeTrue(runs(compiler.substring(0, compiler.indexOf(' '))), "needs " + compiler);
        BtfProgram.compile(dir, new Random(compiler.hashCode()), 64, List.of(compiler.split(" ")));
        for (String percpu : List.of("0", "0x300000")) {
            Files.writeString(dir.resolve("image.lds"), SCRIPT.replace("PERCPU", percpu));
            link(2, "pahole", "theirs");
            String theirWords = printed.toString(StandardCharsets.UTF_8);
            printed.reset();
            link(1, KernelJob.Btf.MADE, "/no/such/pahole", "ours");
            link(3, KernelJob.Btf.MADE, "/no/such/pahole", "ours3");
            assertEquals(withoutIds(theirWords.repeat(2)), withoutIds(printed.toString(StandardCharsets.UTF_8)));
            printed.reset();
            assertArrayEquals(Files.readAllBytes(dir.resolve("ours")), Files.readAllBytes(dir.resolve("ours3")));
            var differences = new ByteArrayOutputStream();
            assertEquals(0, BtfComparison.run(dir.resolve("theirs"), dir.resolve("ours"), null, 0, new PrintStream(differences, true, StandardCharsets.UTF_8)),
                    differences.toString(StandardCharsets.UTF_8));
            var program = new BtfProgram(dir, dir.resolve("ours"));
            for (String section : List.of(".text", ".data", ".data..percpu")) {
                assertArrayEquals(program.section(dir.resolve("theirs"), section), program.section(dir.resolve("ours"), section), section);
            }
        }
    }

    /// Unless told how, klink makes the types where it makes all that the kernel asks of its pahole; else pahole has to.
    @ParameterizedTest
    @CsvSource({"'', , klink", "CONFIG_PAHOLE_VERSION=124, , klink", "CONFIG_PAHOLE_VERSION=125, , klink", "CONFIG_PAHOLE_VERSION=none, , klink",
        "CONFIG_PAHOLE_VERSION=131, -j --btf_gen_floats --lang_exclude=rust, klink",
        "CONFIG_PAHOLE_VERSION=124, '-j --btf_features=encode_force,var,optimized_func,consistent_func,decl_tag_kfuncs', klink",
        "CONFIG_PAHOLE_VERSION=130, '-j --btf_features=encode_force,global_var', klink",
        "CONFIG_PAHOLE_VERSION=130, '-j --btf_features=encode_force,attributes', pahole", "CONFIG_PAHOLE_VERSION=124, --hashbits=3, pahole"})
    void newerPaholesAreAskedForMore(String config, String flags, String maker) throws IOException {
        BtfProgram.compile(dir, new Random(1), 64, List.of("gcc", "-gdwarf-4"));
        Files.writeString(dir.resolve("image.lds"), SCRIPT.replace("PERCPU", "0"));
        String text = config.isEmpty() ? "" : config + "\n";
        if (maker.equals("klink")) {
            link(2, KernelJob.Btf.CONFIGURED, "/no/such/pahole", text, flags, "image");
            assertTrue(new BtfProgram(dir, dir.resolve("image")).section(dir.resolve("image"), ".BTF").length > 100);
        } else {
            assertThrows(LinkFailed.class, () -> link(2, KernelJob.Btf.CONFIGURED, "/no/such/pahole", text, flags, "image"));
            assertTrue(printed.toString(StandardCharsets.UTF_8).contains("/no/such/pahole"), printed.toString(StandardCharsets.UTF_8));
        }
    }

    /// The warnings in an order that does not depend on type ids.
    private static List<String> withoutIds(String words) {
        return words.replaceAll("': [0-9]+, [0-9]+ - using [0-9]+", "'").lines().sorted().toList();
    }

    /// `.BTF` and what is linked with it, for a tree that cannot say PAHOLE_FLAGS.
    @Test
    void flagsFollowTheVersionsOfKernelAndPahole() {
        assertEquals("--skip_encoding_btf_vars --btf_gen_floats", PaholeFlag.all(Kernel.V6_1, 121));
        assertEquals("--btf_gen_floats -j --lang_exclude=rust", PaholeFlag.all(Kernel.V6_1, 124));
        assertEquals("--btf_gen_floats -j --lang_exclude=rust --skip_encoding_btf_inconsistent_proto --btf_gen_optimized",
                PaholeFlag.all(Kernel.V6_1, 125));
        assertEquals("-j --btf_features=encode_force,var,float,enum64,decl_tag,type_tag,optimized_func,consistent_func,decl_tag_kfuncs"
                + " --lang_exclude=rust", PaholeFlag.all(Kernel.V6_12, 128));
    }

    @Test
    void versions() {
        assertEquals(124, Pahole.parseVersion("v1.24"));
        assertEquals(127, Pahole.parseVersion("v1.27.3\n"));
        for (String other : new String[] {"", "1.24", "v", "v1", "v.5", "v1.", "vx.24", "v1.99999999999"}) {
            assertEquals(-1, Pahole.parseVersion(other), other);
        }
    }

    /// No pahole, an old one, one that fails, one that writes no BTF: an error, no image, nothing left behind.
    @ParameterizedTest
    @ValueSource(strings = {"", "echo v1.21", "[ $1 = --version ] && echo v1.24 || { echo out of luck; exit 3; }",
            "[ $1 = --version ] && echo v1.24 || echo nonsense > ${1#*=}"})
    void withoutTypesNoImage(String tool) throws IOException {
        BtfProgram.compile(dir, new Random(1), 64, List.of("gcc", "-g"));
        Files.writeString(dir.resolve("image.lds"), SCRIPT.replace("PERCPU", "0"));
        Path pahole = dir.resolve("tool");
        if (!tool.isEmpty()) {
            Files.writeString(pahole, "#!/bin/sh\n" + tool + "\n");
            assertTrue(pahole.toFile().setExecutable(true));
        }
        RuntimeException e = assertThrows(RuntimeException.class, () -> link(2, pahole.toString(), "ours"));
        String words = printed.toString(StandardCharsets.UTF_8);
        if (tool.contains("nonsense")) {
            assertEquals("BTF: 9 bytes are less than a header", e.getMessage());
        } else {
            assertEquals(LinkFailed.class, e.getClass());
            assertTrue(words.startsWith("klink: error: "), words);
            assertTrue(words.contains(tool.isEmpty() ? "cannot run pahole" : tool.contains("1.21") ? "v1.21" : "out of luck"), words);
            assertTrue(words.contains(tool.contains("1.24") ? "CONFIG_DEBUG_INFO_BTF" : "dwarves"), words);
        }
        assertFalse(Files.exists(dir.resolve("ours")));
        assertEquals(List.of(), scratch());
    }

    /// What resolve_btfids printed.
    private String kbuild(Path tree) {
        String[] objects = {"a.o", "b.o", "ids.o"};
        KernelSource.run(dir, ld("v1", objects));
        KernelSource.run(dir, "pahole", "-J", "--btf_gen_floats", "--lang_exclude=rust", "v1");
        KernelSource.run(dir, "objcopy", "--only-section=.BTF", "--set-section-flags", ".BTF=alloc,readonly", "--strip-all", "v1", "btf.o");
        KernelSource.run(dir, "sh", "-c", "printf '\\1' | dd of=btf.o conv=notrunc bs=1 seek=16 status=none");
        KernelSource.run(dir, ld("theirs", "a.o", "b.o", "ids.o", "btf.o"));
        return KernelSource.run(dir, KernelSource.resolveBtfids(tree).toString(), "theirs");
    }

    private static List<String> ld(String out, String... objects) {
        return Stream.concat(Stream.of("ld", "-e", "a_f0", "-T", "image.lds", "-o", out), Stream.of(objects)).toList();
    }

    private void link(int threads, String pahole, String out) throws IOException {
        link(threads, KernelJob.Btf.PAHOLE, pahole, out);
    }

    private void link(int threads, KernelJob.Btf how, String pahole, String out) throws IOException {
        link(threads, how, pahole, "", null, out);
    }

    private void link(int threads, KernelJob.Btf how, String pahole, String config, String flags, String out) throws IOException {
        var opt = new LinkOptions();
        opt.inputs = Stream.of("a.o", "b.o", "ids.o").map(o -> new InputSpec(dir.resolve(o).toString(), false, 0)).toList();
        opt.output = dir.resolve(out);
        opt.entry = "a_f0";
        opt.threads = threads;
        opt.kernel = new KernelJob(Kernel.V6_1, Config.parse((CONFIG + config).getBytes(StandardCharsets.UTF_8), "config"), null, how, pahole, flags, null, null);
        byte[] script = Files.readAllBytes(dir.resolve("image.lds"));
        var report = new Report(new PrintStream(printed, true, StandardCharsets.UTF_8), 0);
        try {
            Link.link(opt, () -> Script.parse(new Source("image.lds", script)), report);
        } finally {
            report.flush();
        }
    }

    private List<String> scratch() throws IOException {
        try (Stream<Path> files = Files.list(dir)) {
            return files.map(f -> f.getFileName().toString()).filter(n -> n.startsWith(".")).toList();
        }
    }

    private static boolean runs(String tool) {
        try {
            KernelSource.run(Path.of("."), tool, "--version");
            return true;
        } catch (UncheckedIOException e) {
            return false;
        }
    }
}
