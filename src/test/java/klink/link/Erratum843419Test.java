package klink.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import klink.cli.CommandLine;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The workaround for Cortex-A53 erratum 843419: which sequences it changes, and that they still do the same. GNU ld with the
/// same option finds the same ones.
class Erratum843419Test {
    @TempDir
    Path dir;
    private Workshop shop;

    @BeforeEach
    void tools() {
        assumeTrue(Workshop.has("aarch64-linux-gnu-as"), "needs the package binutils-aarch64-linux-gnu");
        assumeTrue(Workshop.has("qemu-aarch64"), "needs the package qemu-user");
        shop = new Workshop(dir);
    }

    /// A program that exits with 42 if its loads give what they should.
    /// @param before   bytes of code before the sequence, which begins with ADRP
    /// @param sequence uses x0 for the page of `value`, leaves the value in w2
    /// @param distance bytes between code and data
    private void program(int before, String sequence, long distance) {
        shop.write("script.lds", "ENTRY(_start) SECTIONS { . = 0x400000; .text : { *(.text) } . = . + " + distance + "; .data : { *(.data) } }\n");
        shop.assemble("aarch64", "a.o", "", """
                .text
                .globl _start
                _start: adr x1, _start
                        b sequence
                        .zero %d
                sequence:
                %s
                        mov w0, w2
                        mov x8, #93
                        svc #0
                .data
                .zero 0x10
                value:  .word 42
                        .word 42
                """.formatted(before - 8, sequence.indent(8)));
    }

    private String linked(String... options) {
        var args = new ArrayList<>(List.of("ld", "-m", "aarch64linux", "-T", shop.path("script.lds").toString(), "-o", shop.path("out").toString(),
                "-Map=" + shop.path("map")));
        args.addAll(List.of(options));
        args.add(shop.path("a.o").toString());
        CommandLine.Result r = CommandLine.run(args);
        assertEquals(0, r.status(), r.err());
        return shop.run("aarch64-linux-gnu-objdump", "-d", "out");
    }

    private void runs() throws Exception {
        assertEquals(42, new ProcessBuilder("qemu-aarch64", "./out").directory(dir.toFile()).start().waitFor());
    }

    private boolean gnuChangesIt() {
        shop.run("aarch64-linux-gnu-ld", "--fix-cortex-a53-843419", "-T", "script.lds", "-o", "gnu", "a.o");
        return shop.run("aarch64-linux-gnu-nm", "gnu").contains("e843419@");
    }

    private static final String THREE = "adrp x0, value\nldr x3, [x1]\nldr w2, [x0, :lo12:value]";
    private static final String FOUR = "adrp x0, value\nldr x3, [x1]\nadd x3, x3, #1\nldr w2, [x0, :lo12:value]";

    @Test
    void anAdrpWhosePageIsNearBecomesAnAdr() throws Exception {
        for (int at : new int[] {0xff8, 0xffc}) {
            program(at, THREE, 0x10000);
            String code = linked("--fix-cortex-a53-843419");
            assertFalse(code.contains("adrp"), code);
            gnuChangesIt();
            assertFalse(shop.run("aarch64-linux-gnu-objdump", "-d", "gnu").contains("adrp"));
            runs();
        }
    }

    @Test
    void elseTheLoadMovesBehindItsSection() throws Exception {
        for (String sequence : List.of(THREE, FOUR)) {
            for (int at : new int[] {0xff8, 0xffc, 0x1ffc}) {
                program(at, sequence, 0x400000);
                String code = linked("--fix-cortex-a53-843419");
                assertTrue(code.contains("adrp"), code);
                assertTrue(java.nio.file.Files.readString(shop.path("map")).contains(" *veneers*"), "at " + at);
                assertTrue(gnuChangesIt());
                runs();
            }
        }
    }

    @Test
    void whatTheErratumDoesNotConcernStays() throws Exception {
        record Fine(int at, String sequence) {}
        for (Fine f : List.of(new Fine(0xff4, THREE), new Fine(0x1000, THREE), new Fine(0xff4, FOUR),
                new Fine(0xff8, "adrp x0, value\nadd x3, x1, #1\nldr w2, [x0, :lo12:value]"),
                new Fine(0xff8, "adrp x0, value\nldp x3, x4, [x1]\nldr w2, [x0, :lo12:value]"),
                new Fine(0xff8, "adrp x0, value\nldr x3, [x1]\nadd x2, x0, :lo12:value\nldr w2, [x2]"))) {
            program(f.at, f.sequence, 0x400000);
            assertFalse(gnuChangesIt(), f.toString());
            String with = linked("--fix-cortex-a53-843419");
            assertEquals(linked(), with, f.toString());
            runs();
        }
    }

    @Test
    void withoutTheOptionNothingChanges() throws Exception {
        program(0xff8, THREE, 0x10000);
        assertTrue(linked().contains("adrp"));
        runs();
    }
}
