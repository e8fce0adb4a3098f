package klink.symvers;

import static klink.symvers.ExportBench.function;
import static klink.symvers.ExportBench.variable;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import klink.arch.Machine;
import klink.elf.Elf;
import klink.kernel.Config;
import klink.kernel.ExportForm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The table of exports as an object: what GNU ld makes of it is what it makes of one that an assembler wrote, with a section
/// for every entry.
class ExportObjectTest {
    private static final String SCRIPT = """
        SECTIONS {
            . = 0x100000;
            .text : { *(.text) }
            .data : { *(.data) }
            __ksymtab : { KEEP(*(SORT(___ksymtab+*))) }
            __ksymtab_gpl : { KEEP(*(SORT(___ksymtab_gpl+*))) }
            __kcrctab : { KEEP(*(SORT(___kcrctab+*))) }
            __kcrctab_gpl : { KEEP(*(SORT(___kcrctab_gpl+*))) }
            __ksymtab_strings : { *(__ksymtab_strings) }
            /DISCARD/ : { *(.export_symbol) *(.note*) }
        }
        """;

    @TempDir
    Path dir;

    /// As modpost's C source comes out of the assembler.
    private static String assembly(ExportBench bench, ExportBench.Result r, boolean prel) {
        var text = new StringBuilder(".file \".vmlinux.export.c\"\n");
        for (int i = 0; i < r.exports().count(); i++) {
            if (bench.kernel.exports() == ExportForm.RECORDS) {
                text.append("""
                            .section "__ksymtab_strings", "aMS", %%progbits, 1
                    __kstrtab_%1$s: .asciz "%1$s"
                    __kstrtabns_%1$s: .asciz "%2$s"
                            .section "___ksymtab%3$s+%1$s", "a"
                            .balign %4$s
                    __ksymtab_%1$s: %5$s
                    """.formatted(r.exports().name(i), r.exports().namespace(i), r.exports().isGpl(i) ? "_gpl" : "", prel ? 4 : 8,
                    (prel ? ".long %1$s - ., __kstrtab_%1$s - ., __kstrtabns_%1$s - ." : ".quad %1$s, __kstrtab_%1$s, __kstrtabns_%1$s")
                        .formatted(r.exports().name(i))));
            }
        }
        for (int i = 0; i < r.exports().count(); i++) {
            text.append("        .section \"___kcrctab").append(r.exports().isGpl(i) ? "_gpl" : "").append('+').append(r.exports().name(i))
                .append("\", \"a\"\n        .balign 4\n__crc_").append(r.exports().name(i)).append(": .long ").append(r.crcs().crc(i)).append('\n');
        }
        return text + "        .section .note.GNU-stack, \"\", @progbits\n";
    }

    private void compare(ExportBench bench, boolean prel) throws Exception {
        var r = bench.klink(true, 2);
        var config = Config.parse((prel ? "CONFIG_HAVE_ARCH_PREL32_RELOCATIONS=y\n" : "CONFIG_X=y\n").getBytes(StandardCharsets.UTF_8), "config");
        var object = ExportObject.of(r.exports(), r.crcs(), null, Machine.of(Elf.EM_X86_64), config);
        Files.write(bench.shop.path("made.o"), object.segment().toArray(ValueLayout.JAVA_BYTE));
        bench.shop.assemble("assembled.o", "", assembly(bench, r, prel));
        bench.shop.write("image.lds", SCRIPT);
        for (String table : List.of("made", "assembled")) {
            var ld = new ArrayList<>(List.of("ld", "-e", "0", "--emit-relocs", "-T", "image.lds", "-o", table + ".out"));
            ld.addAll(bench.objects);
            ld.add(table + ".o");
            bench.shop.run(ld.toArray(String[]::new));
            bench.shop.run("objcopy", "-O", "binary", table + ".out", table + ".bin");
        }
        assertArrayEquals(bench.read("assembled.bin"), bench.read("made.bin"));
        assertEquals(sections(bench, "assembled.out"), sections(bench, "made.out"));
        assertEquals(sorted(bench.shop.run("nm", "-n", "assembled.out")), sorted(bench.shop.run("nm", "-n", "made.out")));
        assertEquals(bench.shop.run("readelf", "-Wr", "assembled.out").lines().filter(l -> l.contains("R_X86_64")).map(ExportObjectTest::reference).toList(),
            bench.shop.run("readelf", "-Wr", "made.out").lines().filter(l -> l.contains("R_X86_64")).map(ExportObjectTest::reference).toList());
    }

    /// Names of the loaded sections.
    private static List<String> sections(ExportBench bench, String image) {
        return bench.shop.run("objdump", "-h", "-w", image).lines().filter(l -> l.contains("ALLOC")).map(l -> l.strip().split(" +")[1]).toList();
    }

    private static TreeSet<String> sorted(String lines) {
        return new TreeSet<>(lines.lines().toList());
    }

    /// Place, type, and what is referred to: assemblers may name a section and an offset instead of a label.
    private static String reference(String relocation) {
        String[] words = relocation.strip().split(" +");
        return words[0] + " " + words[2] + " " + Long.toHexString(Long.parseLong(words[3], 16) + Long.parseLong(words[6], 16));
    }

    private static ExportBench bench(String version, Path dir) {
        var bench = new ExportBench(version, dir);
        bench.assemble("a.o", function("run") + variable("state") + bench.export("run", false, "") + bench.export("state", true, "SPACE"));
        bench.shop.write(".a.o.cmd", "cmd\n#SYMVER run 0x12345678\n#SYMVER state 0xfedcba98\n");
        return bench;
    }

    @ParameterizedTest
    @ValueSource(strings = {"6.1", "6.12"})
    void linksAsIfAssembled(String version) throws Exception {
        compare(bench(version, dir), true);
    }

    /// Of a kind that nobody exports there is no section, and so none in the image.
    @ParameterizedTest
    @CsvSource({"6.1,true", "6.1,false", "6.12,true", "6.12,false"})
    void oneKindOnly(String version, boolean gpl) throws Exception {
        var bench = new ExportBench(version, dir);
        bench.assemble("a.o", function("run") + function("walk") + bench.export("run", gpl, "") + bench.export("walk", gpl, "SPACE"));
        bench.shop.write(".a.o.cmd", "cmd\n#SYMVER run 0x12345678\n#SYMVER walk 0xfedcba98\n");
        compare(bench, true);
        assertEquals(bench.shop.run("readelf", "-WS", "assembled.out").contains("__ksymtab_gpl"), gpl);
    }

    @ParameterizedTest
    @ValueSource(strings = {"6.1", "6.12"})
    void none(String version) throws Exception {
        var bench = new ExportBench(version, dir);
        bench.assemble("a.o", function("run"));
        bench.shop.write(".a.o.cmd", "cmd\n");
        compare(bench, true);
    }

    @Test
    void absoluteReferences() throws Exception {
        compare(bench("6.12", dir), false);
    }

    /// Names that start alike, one the start of another, and bytes beyond ASCII: the order is that of SORT.
    @ParameterizedTest
    @ValueSource(strings = {"6.1", "6.12"})
    void orderOfNames(String version) throws Exception {
        var random = new Random(7);
        var names = new TreeSet<>(List.of("a", "aa", "aaaaaaaa", "aaaaaaaaa", "aaaaaaaab", "aaaaaaa", "A", "_", "__", "a_", "a1", "Z", "abcdefgh_long_b", "abcdefgh_long_a",
            "\u00e4hnlich", "\u00e4"));
        while (names.size() < 400) {
            var name = new StringBuilder("ab_".substring(random.nextInt(3)));
            for (int i = random.nextInt(12); i >= 0; i--) {
                name.append("aAb_1z".charAt(random.nextInt(6)));
            }
            names.add(name.toString().replaceFirst("^1", "x"));
        }
        var bench = new ExportBench(version, dir);
        var crcs = new StringBuilder("cmd\n");
        var text = new StringBuilder();
        for (String name : names) {
            text.append(function(name)).append(bench.export(name, random.nextBoolean(), random.nextBoolean() ? "N" + random.nextInt(3) : ""));
            crcs.append("#SYMVER ").append(name).append(" 0x").append(Integer.toHexString(random.nextInt())).append('\n');
        }
        bench.assemble("a.o", text.toString());
        bench.shop.write(".a.o.cmd", crcs.toString());
        compare(bench, true);
        assertTrue(bench.klink(true, 1).messages().isEmpty());
    }
}
