package klink.symvers;

import static klink.symvers.ExportBench.function;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import klink.oracle.Modpost;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Checksums as modpost finds them in the `.cmd` files beside objects.
class CrcsTest {
    @TempDir
    Path dir;

    private static void same(ExportBench bench) {
        Modpost.Verdict said = bench.modpost("-m");
        for (int threads : new int[] {1, 3}) {
            var klink = bench.klink(true, threads);
            assertEquals(said.messages(), klink.messages());
            assertEquals(bench.text("vmlinux.symvers"), klink.symvers());
            assertEquals(bench.text(".vmlinux.export.c"), klink.source());
        }
    }

    private static String exports(ExportBench bench, String... names) {
        var text = new StringBuilder();
        for (String name : names) {
            text.append(function(name)).append(bench.export(name, name.length() % 2 == 0, ""));
        }
        return text.toString();
    }

    @ParameterizedTest
    @ValueSource(strings = {"6.1", "6.12"})
    void numbersAsInCAndLinesThatDoNotCount(String version) {
        var bench = new ExportBench(version, dir);
        bench.assemble("a.o", exports(bench, "hex", "big", "octal", "decimal", "late", "no_number", "trailing", "no_line_end", "zero", "first", "signed", "wide"));
        bench.assemble("b.o", exports(bench, "other"));
        bench.shop.write(".a.o.cmd", """
            #SYMVER first 0x11111111
            cmd_a.o := gcc -c -o a.o a.c
            #SYMVER hex 0x1234abcd
            #SYMVER big 0xFFFFFFFF
            #SYMVER octal 0777
            #SYMVER decimal 4711
             #SYMVER late 0x22222222
            #SYMVER no_number x12
            #SYMVER trailing 0x10 more
            #SYMVER late 0x1
            #SYMVER orphan 0x77
            #SYMVER late 0x2
            #SYMVER zero 0x0
            #SYMVER signed -1
            #SYMVER wide 0x123456789
            #SYMVER no_line_end 0x33""");
        bench.shop.write(".b.o.cmd", "savedcmd_b.o := as\n\n#SYMVER hex 0xb0b\n#SYMVER other 0x0ddba11\n");
        same(bench);
        assertTrue(bench.text("vmlinux.symvers").contains("0x00000b0b\thex\t"), bench.text("vmlinux.symvers"));
    }

    /// fixdep's part of the file, some 40 KB, is not read; checksums may follow it at any distance.
    @ParameterizedTest
    @ValueSource(strings = {"6.1", "6.12"})
    void behindALongListOfHeaders(String version) {
        var bench = new ExportBench(version, dir);
        var names = new String[300];
        var crcs = new StringBuilder("\na.o: $(deps_a.o)\n\n$(deps_a.o):\n\na.o: $(wildcard ./tools/objtool/objtool)\n");
        for (int i = 0; i < names.length; i++) {
            names[i] = "symbol_" + i;
            crcs.append("#SYMVER symbol_").append(i).append(" 0x").append(Integer.toHexString(i * 7919)).append('\n');
        }
        bench.assemble("a.o", exports(bench, names));
        bench.assemble("b.o", exports(bench, "b"));
        bench.assemble("c.o", exports(bench, "c"));
        String headers = "deps_a.o := \\\n" + "  include/linux/a_header_of_some_length.h \\\n".repeat(1500);
        bench.shop.write(".a.o.cmd", headers + crcs);
        bench.shop.write(".b.o.cmd", headers.replace("a.o", "b.o") + "\nb.o: $(deps_b.o)\n\n$(deps_b.o):\n#SYMVER b 0xb\n");
        bench.shop.write(".c.o.cmd", headers); // no end, no checksum
        same(bench);
        assertTrue(bench.text("vmlinux.symvers").endsWith("0x0000000b\tb\tvmlinux\tEXPORT_SYMBOL\t\n0x00000000\tc\tvmlinux\tEXPORT_SYMBOL\t\n"));
    }

    /// Of assembly, checksums are made of a C file's prototypes; wherever they stand, all objects' are known.
    @ParameterizedTest
    @ValueSource(strings = {"6.1", "6.12"})
    void besideAnObjectThatExportsNothing(String version) {
        var bench = new ExportBench(version, dir);
        bench.assemble("a.o", exports(bench, "a", "missing"));
        bench.assemble("b.o", function("b"));
        bench.shop.write(".a.o.cmd", "cmd\n");
        bench.shop.write(".b.o.cmd", "cmd\n#SYMVER a 0xaa\n");
        same(bench);
        assertEquals(1, bench.klink(true, 1).messages().size());
    }

    @Test
    void noSuchFile() throws Exception {
        var bench = new ExportBench("6.1", dir);
        Files.createDirectory(dir.resolve("lib"));
        bench.assemble("lib/a.o", exports(bench, "a"));
        bench.shop.write("lib/.a.o.cmd", "cmd\n#SYMVER a 0xaa\n");
        assertEquals(List.of(), bench.klink(true, 1).messages());
        Files.delete(dir.resolve("lib/.a.o.cmd"));
        var violations = bench.klink(true, 1).crcs().violations();
        assertEquals("no-command-file", violations.getFirst().rule());
        assertEquals(bench.shop.path("lib/.a.o.cmd") + ": No such file or directory", violations.getFirst().message());
    }
}
