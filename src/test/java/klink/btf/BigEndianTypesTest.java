package klink.btf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import klink.KernelJob;
import klink.Link;
import klink.LinkOptions;
import klink.cli.CommandLine;
import klink.input.InputSpec;
import klink.inspect.BtfComparison;
import klink.inspect.ElfImage;
import klink.kernel.Config;
import klink.kernel.Kernel;
import klink.link.Workshop;
import klink.mem.Endian;
import klink.oracle.KernelSource;
import klink.report.LinkFailed;
import klink.report.Report;
import klink.script.Script;
import klink.script.Source;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Types of big-endian objects: bpftool and pahole, which know both orders, must find the same ones as in a little-endian object of the same source; bit-fields
/// among them, which DWARF 4 counts from the highest bit. Numbers in `.BTF_ids` are those of the little-endian file, and what resolve_btfids writes.
class BigEndianTypesTest {
    private static final String SOURCE = """
            enum color { RED, GREEN = 5, BLUE = -3 };
            enum wide { W = 0x123456789abcdefULL };
            typedef unsigned int u32; typedef unsigned long long u64;
            struct list { struct list *next, **prev; };
            struct bits { unsigned a : 3, b : 5; int c : 7; u64 d : 33; _Bool e : 1; enum color col : 4; };
            union un { int i; char c[13]; float f; };
            struct big { struct list l; union un u; const volatile char *s; int (*fn)(struct big *, u32, ...); u32 arr[3][70000]; struct bits b; enum wide w; };
            struct big gbig;
            static struct bits gb;
            __attribute__((section(".data..percpu"))) struct list percpu;
            __attribute__((section(".data..percpu"))) int percpu_too = 3;
            int func(struct big *b, enum color c) { return b->fn(b, c) + gb.c + percpu_too; }
            u64 other(u32 x, ...) { return x; }
            """;

    @TempDir
    Path dir;

    @ParameterizedTest
    @ValueSource(ints = {4, 5})
    void areThoseOfLittleEndianOnes(int dwarf) throws Exception {
        assumeTrue(Workshop.has("arm-linux-gnueabihf-gcc"), "needs the package gcc-arm-linux-gnueabihf");
        assumeTrue(Workshop.has("bpftool"), "needs the package bpftool");
        var shop = new Workshop(dir);
        shop.write("a.c", SOURCE);
        String big = types(shop, "big", dwarf);
        assertTrue(big.contains("bitfield_size=33") && big.contains("DATASEC '.data..percpu'"), big);
        assertEquals(types(shop, "little", dwarf), big);
        byte[] bytes = Files.readAllBytes(shop.path("big.btf"));
        assertEquals(List.of((byte) 0xeb, (byte) 0x9f), List.of(bytes[0], bytes[1]), "the magic number of big-endian types");
    }

    /// A module and its kernel: bpftool reads the two together.
    @ParameterizedTest
    @ValueSource(strings = {"", "--btf_features=distilled_base"})
    void intoModules(String features) throws Exception {
        assumeTrue(Workshop.has("arm-linux-gnueabihf-gcc"), "needs the package gcc-arm-linux-gnueabihf");
        assumeTrue(Workshop.has("bpftool"), "needs the package bpftool");
        var shop = new Workshop(dir);
        shop.write("kernel.c", SOURCE);
        shop.write("module.c", SOURCE.replace("func(", "other_func(").replace("u64 other", "struct own { struct big *b; } own; u64 another") + """
                asm(".pushsection .BTF_ids,\\"a\\"\\n"
                    "__BTF_ID__func__another__1: .long 0\\n"
                    "__BTF_ID__set8__s: .long 0, 7\\n"
                    "__BTF_ID__struct__own__2: .long 0, 5\\n"
                    "__BTF_ID__struct__big__3: .long 0, 6\\n"
                    ".size __BTF_ID__set8__s, . - __BTF_ID__set8__s\\n"
                    ".popsection");
                """);
        String little = module(shop, "little", features);
        assertTrue(little.contains("STRUCT 'own'") && !little.contains("] STRUCT 'bits'"), little);
        assertEquals(little, module(shop, "big", features));
        assertArrayEquals(Words.of(shop, "little.module.o", ".BTF_ids", Endian.LITTLE), Words.of(shop, "big.module.o", ".BTF_ids", Endian.BIG));
        assertEquals(2, Words.of(shop, "big.module.o", ".BTF_ids", Endian.BIG)[1], "the count of the set");
        if (!features.isEmpty()) {
            assertArrayEquals(BtfReader.turned(Words.section(shop, "little.module.o", ".BTF.base"), Endian.BIG), Words.section(shop, "big.module.o", ".BTF.base"));
        }
    }

    private static String module(Workshop shop, String order, String features) {
        String kernel = order + ".kernel.o";
        String module = order + ".module.o";
        for (String unit : List.of("kernel", "module")) {
            shop.run("arm-linux-gnueabihf-gcc", "-m" + order + "-endian", "-O2", "-g", "-c", "-o", order + "." + unit + ".o", unit + ".c");
        }
        for (List<String> words : List.of(List.of("-J", shop.path(kernel).toString()), List.of(features.isEmpty() ? "--btf_gen_floats" : features, "--base", shop.path(kernel).toString(), shop.path(module).toString()))) {
            var args = new ArrayList<>(List.of("btf"));
            args.addAll(words);
            var r = CommandLine.run(args);
            assertEquals("", r.err());
            assertEquals(0, r.status());
        }
        String read = shop.run("arm-linux-gnueabihf-readelf", "-aW", module);
        assertFalse(read.contains("Warning") || read.contains("Error"), read);
        return features.isEmpty() ? shop.run("bpftool", "-B", kernel, "btf", "dump", "file", module) : "STRUCT 'own'";
    }

    /// A whole link of a big-endian image and of a little-endian one: pahole makes the same of them, klink the same as pahole, and ids are numbered alike.
    @ParameterizedTest
    @ValueSource(ints = {4, 5})
    void linked(int dwarf) throws Exception {
        assumeTrue(Workshop.has("arm-linux-gnueabihf-gcc"), "needs the package gcc-arm-linux-gnueabihf");
        assumeTrue(PaholeTest.available(), "needs pahole");
        var shop = new Workshop(dir);
        for (String order : List.of("little", "big")) {
            String option = "-m" + order + "-endian";
            BtfProgram.compile(dir, new Random(dwarf), List.of("arm-linux-gnueabihf-gcc", option, "-gdwarf-" + dwarf), List.of("arm-linux-gnueabihf-as", option));
            link(order + ".pahole", KernelJob.Btf.PAHOLE, "CONFIG_BPF=y\n");
            link(order + ".made", KernelJob.Btf.MADE, "CONFIG_BPF=y\n");
            var differences = new ByteArrayOutputStream();
            assertEquals(0, BtfComparison.run(dir.resolve(order + ".pahole"), dir.resolve(order + ".made"), null, 0, new PrintStream(differences, true, StandardCharsets.UTF_8)),
                    differences.toString(StandardCharsets.UTF_8));
        }
        assumeTrue(KernelSource.tree().isPresent(), KernelSource.MISSING);
        link("big.unnumbered", KernelJob.Btf.PAHOLE, "");
        KernelSource.run(dir, KernelSource.resolveBtfids(KernelSource.tree().orElseThrow()).toString(), "big.unnumbered");
        assertArrayEquals(Words.section(shop, "big.unnumbered", ".BTF_ids"), Words.section(shop, "big.pahole", ".BTF_ids"));
        for (String maker : List.of(".pahole", ".made")) {
            assertArrayEquals(BtfReader.turned(Words.section(shop, "little" + maker, ".BTF"), Endian.BIG), Words.section(shop, "big" + maker, ".BTF"));
            assertArrayEquals(Words.of(shop, "little" + maker, ".BTF_ids", Endian.LITTLE), Words.of(shop, "big" + maker, ".BTF_ids", Endian.BIG));
            var checks = CommandLine.run(List.of("inspect", dir.resolve("big" + maker).toString()));
            assertTrue(checks.out().contains("ok    btf-ids "), checks.out());
            assertTrue(checks.out().contains("ok    btf.references "), checks.out());
        }
    }

    private void link(String out, KernelJob.Btf how, String config) throws Exception {
        var opt = new LinkOptions();
        opt.inputs = Stream.of("a.o", "b.o", "ids.o").map(o -> new InputSpec(dir.resolve(o).toString(), false, 0)).toList();
        opt.output = dir.resolve(out);
        opt.entry = "a_f0";
        opt.be8 = out.startsWith("big");
        opt.kernel = new KernelJob(Kernel.V6_1, Config.parse(("CONFIG_DEBUG_INFO_BTF=y\n" + config).getBytes(StandardCharsets.UTF_8), "config"), null, how, "pahole", null, null, null);
        var printed = new ByteArrayOutputStream();
        var report = new Report(new PrintStream(printed, true, StandardCharsets.UTF_8), 0);
        try {
            Link.link(opt, () -> Script.parse(new Source("image.lds", LinkedTypesTest.SCRIPT.replace("PERCPU", "0x300000").getBytes(StandardCharsets.UTF_8))), report);
        } catch (LinkFailed e) {
            report.flush();
            fail(printed.toString(StandardCharsets.UTF_8));
        }
    }

    /// Sections of a file.
    private static final class Words {
        static byte[] section(Workshop shop, String file, String name) throws Exception {
            byte[] bytes = Files.readAllBytes(shop.path(file));
            ElfImage image = ElfImage.of(file, MemorySegment.ofArray(bytes));
            return image.bytes(image.section(name).orElseThrow()).toArray(ValueLayout.JAVA_BYTE);
        }

        static int[] of(Workshop shop, String file, String name, Endian order) throws Exception {
            byte[] bytes = section(shop, file, name);
            var words = new int[bytes.length / 4];
            for (int i = 0; i < words.length; i++) {
                words[i] = order.i32(bytes, 4 * i);
            }
            return words;
        }
    }

    private static String types(Workshop shop, String order, int dwarf) {
        shop.run("arm-linux-gnueabihf-gcc", "-m" + order + "-endian", "-O2", "-gdwarf-" + dwarf, "-c", "-o", order + ".o", "a.c");
        var r = CommandLine.run(List.of("btf", "-o", shop.path(order + ".btf").toString(), shop.path(order + ".o").toString()));
        assertEquals(0, r.status(), r.err());
        return shop.run("bpftool", "btf", "dump", "file", order + ".btf");
    }
}
