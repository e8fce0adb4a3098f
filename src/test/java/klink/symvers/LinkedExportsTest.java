package klink.symvers;

import static klink.symvers.ExportBench.function;
import static klink.symvers.ExportBench.variable;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import klink.ExportPlan;
import klink.KernelJob;
import klink.Link;
import klink.LinkOptions;
import klink.input.InputSpec;
import klink.kernel.Config;
import klink.report.LinkFailed;
import klink.report.Report;
import klink.script.Script;
import klink.script.Source;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Exports in a link: the table is made in it, and is the one that kbuild would have compiled and linked; the list of exports
/// appears with the image or not at all.
class LinkedExportsTest {
    private static final String SCRIPT = """
        SECTIONS {
            . = 0x100000;
            .text : { _text = .; *(.text .init.text) }
            .data : { *(.data) }
            __ksymtab : { KEEP(*(SORT(___ksymtab+*))) }
            __ksymtab_gpl : { KEEP(*(SORT(___ksymtab_gpl+*))) }
            __kcrctab : { KEEP(*(SORT(___kcrctab+*))) }
            __kcrctab_gpl : { KEEP(*(SORT(___kcrctab_gpl+*))) }
            __ksymtab_strings : { *(__ksymtab_strings) }
            /DISCARD/ : { *(.export_symbol) *(.note*) *(.comment) }
        }
        """;
    private static final String CONFIG = "CONFIG_MODULES=y\nCONFIG_HAVE_ARCH_PREL32_RELOCATIONS=y\n";

    @TempDir
    Path dir;

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    private String searched;

    private String printed() {
        return printed.toString(StandardCharsets.UTF_8);
    }

    private void link(ExportBench bench, String output, String config, List<String> inputs, ExportPlan plan, int threads) throws IOException {
        var opt = new LinkOptions();
        opt.inputs = inputs.stream().map(o -> new InputSpec(dir.resolve(o).toString(), true, 0)).toList();
        if (searched != null) {
            opt.inputs = new ArrayList<>(opt.inputs);
            opt.inputs.add(new InputSpec(dir.resolve(searched).toString(), false, 1));
        }
        opt.output = dir.resolve(output);
        opt.threads = threads;
        opt.emitRelocs = true;
        opt.kernel = new KernelJob(bench.kernel, Config.parse(config.getBytes(StandardCharsets.UTF_8), "config"), null, KernelJob.Btf.NONE, null, null, null, plan);
        var report = new Report(new PrintStream(printed, true, StandardCharsets.UTF_8), 0);
        try {
            Link.link(opt, () -> Script.parse(new Source("image.lds", SCRIPT.getBytes(StandardCharsets.UTF_8))), report);
        } finally {
            report.flush();
        }
    }

    private ExportPlan plan(boolean made, String before, String name) {
        return new ExportPlan(dir, made, dir.resolve(before).toString(), List.of(), dir.resolve(name + ".symvers"), null, dir.resolve(name + ".c"));
    }

    private ExportBench bench(String version) {
        var bench = new ExportBench(version, dir);
        bench.assemble("a.o", function("run") + variable("state") + bench.export("run", false, "") + bench.export("state", true, "SPACE"));
        bench.assemble("b.o", function("elsewhere") + bench.export("elsewhere", true, "") + bench.export("abroad", false, "SPACE"));
        bench.assemble("c.o", function("abroad"));
        bench.shop.assemble("version.o", "", variable("banner"));
        bench.shop.write(".a.o.cmd", "cmd\n#SYMVER run 0x12345678\n#SYMVER state 0xfedcba98\n");
        bench.shop.write(".c.o.cmd", "cmd\n");
        bench.shop.write(".b.o.cmd", "cmd\n#SYMVER abroad 0x55aa55aa\n#SYMVER elsewhere 0x1\n");
        return bench;
    }

    private static List<String> with(List<String> objects, String... more) {
        var all = new ArrayList<>(objects);
        all.addAll(List.of(more));
        return all;
    }

    @ParameterizedTest
    @ValueSource(strings = {"6.1", "6.1 versions", "6.12", "6.12 versions"})
    void madeAsIfCompiled(String which) throws Exception {
        boolean versions = which.endsWith("versions");
        String config = versions ? CONFIG + "CONFIG_MODVERSIONS=y\n" : CONFIG;
        ExportBench bench = bench(which.split(" ")[0]);
        var said = versions ? bench.modpost("-m") : bench.modpost();
        assertEquals(List.of(), said.messages());
        bench.shop.write("export-internal.h", bench.text(".vmlinux.export.c").lines().skip(1).toList().isEmpty() ? "" : MACROS);
        bench.shop.run("sh", "-c", "sed 's,<linux/export-internal.h>,\"export-internal.h\",' .vmlinux.export.c > x.c && gcc -O2 -c -o tree.o x.c");
        link(bench, "tree", config, with(bench.objects, "tree.o", "version.o"), plan(false, "tree.o", "tree"), 2);
        link(bench, "made1", config, with(bench.objects, "version.o"), plan(true, "version.o", "made"), 1);
        assertArrayEquals(bench.read("vmlinux.symvers"), bench.read("made.symvers"));
        assertArrayEquals(bench.read("vmlinux.symvers"), bench.read("tree.symvers"));
        assertArrayEquals(bench.read(".vmlinux.export.c"), bench.read("made.c"));
        link(bench, "made4", config, with(bench.objects, "version.o"), plan(true, "version.o", "made"), 4);
        assertArrayEquals(bench.read("made1"), bench.read("made4"));
        for (String image : List.of("tree", "made1")) {
            bench.shop.run("objcopy", "-O", "binary", image, image + ".bin");
        }
        assertArrayEquals(bench.read("tree.bin"), bench.read("made1.bin"));
        assertEquals(names(bench, "tree"), names(bench, "made1"));
        assertEquals("", printed());
    }

    /// The three macros of which modpost's source consists, in our words: an entry with its strings, and a checksum.
    private static final String MACROS = """
        #define ENTRY(name, kind, space) asm( \\
            ".pushsection __ksymtab_strings, \\"aMS\\", @progbits, 1\\n" \\
            "__kstrtab_" #name ": .asciz \\"" #name "\\"\\n" "__kstrtabns_" #name ": .asciz \\"" space "\\"\\n" \\
            ".popsection; .pushsection ___ksymtab" kind "+" #name ", \\"a\\"; .balign 4\\n" \\
            "__ksymtab_" #name ": .long " #name " - ., __kstrtab_" #name " - ., __kstrtabns_" #name " - .\\n.popsection\\n")
        #define KSYMTAB_FUNC(name, kind, space) ENTRY(name, kind, space)
        #define KSYMTAB_DATA(name, kind, space) ENTRY(name, kind, space)
        #define SYMBOL_CRC(name, crc, kind) asm( \\
            ".pushsection ___kcrctab" kind "+" #name ", \\"a\\"; .balign 4\\n__crc_" #name ": .long " #crc "\\n.popsection\\n")
        """;

    private static TreeSet<String> names(ExportBench bench, String image) {
        return new TreeSet<>(bench.shop.run("nm", "-a", image).lines().filter(l -> !l.contains(" x.c") && !l.contains(".vmlinux.export.c")).toList());
    }

    @ParameterizedTest
    @ValueSource(strings = {"6.1", "6.12"})
    void exportedTwiceStopsTheLink(String version) {
        ExportBench bench = bench(version);
        bench.assemble("d.o", bench.export("run", false, ""));
        assertThrows(LinkFailed.class, () -> link(bench, "image", CONFIG, with(bench.objects, "version.o"), plan(true, "version.o", "made"), 2));
        assertTrue(printed().startsWith("ERROR: modpost: vmlinux: 'run' exported twice. Previous export was in vmlinux\n"), printed());
        assertTrue(printed().contains(dir.resolve("d.o") + ":("), printed());
        assertFalse(Files.exists(dir.resolve("image")) || Files.exists(dir.resolve("made.symvers")) || Files.exists(dir.resolve("made.c")));
    }

    /// Link inputs that came without `.cmd` files can be linked with the table that is in the tree, but not listed.
    @Test
    void withoutChecksumsTheTreesOwnTableStillLinks() throws Exception {
        ExportBench bench = bench("6.12");
        bench.shop.assemble("tree.o", "", ".data\n.long 0\n");
        Files.delete(dir.resolve(".a.o.cmd"));
        String config = CONFIG + "CONFIG_MODVERSIONS=y\n";
        link(bench, "tree", config, with(bench.objects, "tree.o", "version.o"), plan(false, "tree.o", "tree"), 2);
        assertTrue(Files.exists(dir.resolve("tree")) && Files.notExists(dir.resolve("tree.symvers")));
        assertTrue(printed().startsWith("klink: warning: no checksums of exports beside the objects (" + dir.resolve(".a.o.cmd") + ")"), printed());
        assertThrows(LinkFailed.class, () -> link(bench, "made", config, with(bench.objects, "version.o"), plan(true, "version.o", "made"), 2));
    }

    @Test
    void exportOfInitCodeIsToldButDoesNotStop() throws Exception {
        ExportBench bench = bench("6.12");
        bench.assemble("d.o", ".section .init.text, \"ax\"\n" + function("early") + bench.export("early", false, ""));
        link(bench, "image", CONFIG, with(bench.objects, "version.o"), plan(true, "version.o", "made"), 2);
        assertTrue(printed().startsWith("WARNING: modpost: vmlinux: early: EXPORT_SYMBOL used for init symbol. Remove __init or EXPORT_SYMBOL.\n"), printed());
        assertTrue(new String(bench.read("made.symvers"), StandardCharsets.UTF_8).contains("\tearly\t"));
    }

    /// What is exported must be defined: as in a link of kbuild's object.
    @Test
    void exportOfWhatIsNotDefined() {
        ExportBench bench = bench("6.12");
        bench.assemble("d.o", bench.export("nowhere", false, ""));
        assertThrows(LinkFailed.class, () -> link(bench, "image", CONFIG, with(bench.objects, "version.o"), plan(true, "version.o", "made"), 2));
        assertTrue(printed().contains("nowhere"), printed());
        assertFalse(Files.exists(dir.resolve("made.symvers")));
    }

    /// Exports are read before archives are searched.
    @ParameterizedTest
    @ValueSource(strings = {"6.1", "6.12"})
    void exportsOfASearchedArchiveAreRefused(String version) {
        ExportBench bench = bench(version);
        bench.shop.assemble("exporting.o", "", function("help") + bench.export("help", false, ""));
        bench.shop.assemble("silent.o", "", function("quiet"));
        bench.shop.archive(false, List.of("lib.a", "exporting.o", "silent.o"));
        bench.assemble("d.o", "        call quiet\n");
        searched = "lib.a";
        assertDoesNotThrow(() -> link(bench, "image", CONFIG, with(bench.objects, "version.o"), plan(true, "version.o", "made"), 2));
        bench.assemble("e.o", "        call help\n");
        assertThrows(LinkFailed.class, () -> link(bench, "image", CONFIG, with(bench.objects, "version.o"), plan(true, "version.o", "made"), 2));
        assertTrue(printed().contains("exports of " + dir.resolve("lib.a") + "(exporting.o) are not among the kernel's"), printed());
    }

    @ParameterizedTest
    @ValueSource(strings = {"6.1", "6.12"})
    void withoutModulesNothingIsExported(String version) throws Exception {
        ExportBench bench = bench(version);
        link(bench, "image", "CONFIG_X=y\n", with(bench.objects, "version.o"), plan(true, "version.o", "made"), 2);
        assertEquals(0, Files.size(dir.resolve("made.symvers")));
        assertEquals("", printed());
    }
}
