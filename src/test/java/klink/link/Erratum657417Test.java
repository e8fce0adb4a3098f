package klink.link;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Collectors;
import klink.cli.CommandLine;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The workaround for Cortex-A8 erratum 657417: GNU ld finds the same branches and has its patches in the same places, byte for byte, and programs do
/// what they did, by qemu-arm. In big-endian objects GNU ld takes the bytes of an instruction in the wrong order, so what is held against its little-endian
/// image is what the code of klink's says.
class Erratum657417Test {
    private static final String SCRIPT = "ENTRY(_start) SECTIONS { . = 0x10000; .text : { *(.text .text.*) } .two : { *(.two) } .data : { *(.data) } }\n";

    @TempDir
    Path dir;
    private Workshop shop;

    @BeforeEach
    void tools() {
        assumeTrue(Workshop.has("arm-linux-gnueabihf-as"), "needs the package binutils-arm-linux-gnueabihf");
        shop = new Workshop(dir);
        shop.write("script.lds", SCRIPT);
    }

    private String object(String name, String text) {
        shop.assemble("armeb", big(name), "", ".syntax unified\n" + text);
        return shop.assemble("arm", name, "", ".syntax unified\n" + text).toString();
    }

    private static String big(String object) {
        return object.replaceFirst("[.]o$", ".big.o");
    }

    private static final String V7A = ".arch armv7-a\n.thumb\n";

    /// Links by both; returns what klink says.
    private String same(List<String> objects, String... options) throws Exception {
        var args = new ArrayList<>(List.of("ld", "-m", "armelf_linux_eabi", "-T", shop.path("script.lds").toString(), "-o", shop.path("out").toString()));
        args.addAll(List.of(options));
        args.addAll(objects);
        CommandLine.Result r = CommandLine.run(args);
        assertEquals(0, r.status(), r.err());
        var theirs = new ArrayList<>(List.of("arm-linux-gnueabihf-ld", "--no-warn-rwx-segments", "-T", "script.lds", "-o", "gnu"));
        theirs.addAll(List.of(options));
        theirs.addAll(objects);
        shop.run(theirs.toArray(new String[0]));
        assertArrayEquals(loaded("gnu"), loaded("out"));
        assertEquals(symbols("gnu"), symbols("out"));
        byte[] two = Files.readAllBytes(shop.path("out"));
        args.add("--threads=1");
        assertEquals(0, CommandLine.run(args).status());
        assertArrayEquals(two, Files.readAllBytes(shop.path("out")), "the same bytes for one thread");
        sameBig(objects, options, "be32", "-EB", r.err());
        sameBig(objects, options, "be8", "--be8", r.err());
        return r.err();
    }

    /// Links the big-endian objects of the same sources.
    private void sameBig(List<String> objects, String[] options, String image, String form, String said) throws Exception {
        var args = new ArrayList<>(List.of("ld", "-m", "armelfb_linux_eabi", form, "-T", shop.path("script.lds").toString(), "-o", shop.path(image).toString()));
        args.addAll(List.of(options));
        for (String o : objects) {
            args.add(big(o));
        }
        CommandLine.Result r = CommandLine.run(args);
        assertEquals(0, r.status(), r.err());
        assertEquals(said, r.err());
        assertEquals(code("gnu"), code(image));
        assertEquals(symbols("gnu"), symbols(image));
    }

    /// Addresses and instructions as numbers. Of a big-endian file objdump takes the end of some branches for an IT, and says what follows otherwise.
    private String code(String image) {
        return shop.run("arm-linux-gnueabihf-objdump", "-d", image).lines().filter(l -> l.contains(":\t")).map(l -> l.split("\t")[0] + l.split("\t")[1].strip()).collect(Collectors.joining("\n"));
    }

    private byte[] loaded(String image) throws Exception {
        shop.run("arm-linux-gnueabihf-objcopy", "-O", "binary", image, image + ".bin");
        return Files.readAllBytes(shop.path(image + ".bin"));
    }

    /// Lines without their numbers, in order. GNU ld makes up `$d` for data that has none.
    private TreeSet<String> symbols(String image) {
        var all = new TreeSet<String>();
        for (String line : shop.run("arm-linux-gnueabihf-readelf", "-sW", image).lines().toList()) {
            int colon = line.indexOf(':');
            if (colon > 0 && !line.contains(" FILE ") && !line.startsWith("Symbol table") && !line.endsWith(" $d")) {
                all.add(line.substring(colon));
            }
        }
        return all;
    }

    /// A page that ends in the first halfword of a branch to its begin. What it calls adds 1 to r4.
    private static String page(int number, String branch) {
        return """
                .balign 4096
                .arm
                .type arm%1$d, %%function
                arm%1$d: add r4, r4, #1
                        bx lr
                .thumb
                .type t%1$d, %%function
                t%1$d: adds r4, #1
                        bx lr
                .globl g%1$d
                .type g%1$d, %%function
                g%1$d: adds r4, #1
                        bx lr
                back%1$d: adds r4, #1
                        b.w go%1$d
                .space 4044, 0
                .type p%1$d, %%function
                p%1$d:  push.w {r5, lr}
                        mov r5, lr
                        cmp r4, r4
                        nop
                .rept 7
                        nop
                .endr
                        add.w r6, r6, r4
                        %2$s
                go%1$d: pop.w {r5, pc}
                """.formatted(number, branch);
    }

    @Test
    void everyFormDoesWhatItDid() throws Exception {
        assumeTrue(Workshop.has("qemu-arm"), "needs the package qemu-user");
        String[] forms = {"bl t%d", "bl arm%d", "blx arm%d", "bl g%d", "b.w back%d", "beq.w back%d", "bne.w back%d", "blx g%d"};
        var text = new StringBuilder(V7A + ".text\n.globl _start\n.type _start, %function\n_start: movs r4, #0\n");
        for (int i = 0; i < 24; i++) {
            text.append("        bl p").append(i).append('\n');
        }
        text.append("        mov r0, r4\n        movs r7, #1\n        svc 0\n");
        for (int i = 0; i < 24; i++) {
            text.append(page(i, forms[i % forms.length].formatted(i)));
        }
        String a = object("a.o", text.toString());
        assertEquals("klink: note: 24 patches for Cortex-A8 erratum 657417 (-Map shows where)\n", same(List.of(a)));
        for (String run : List.of("qemu-arm out", "qemu-armeb be32", "qemu-armeb be8")) {
            assertEquals(21, new ProcessBuilder(run.split(" ")).directory(dir.toFile()).start().waitFor(), run + ": all but three conditional branches go");
        }
        String other = object("other.o", V7A + ".text\n.space 6\n.section .two,\"ax\"\nnop\n.data\n.word 2\n");
        assertTrue(same(List.of(other, a)).contains("24 patches"), "the order of patches depends on what is before them");
    }

    /// What is before the branch, the branch, and whether GNU ld has a patch for it.
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "add.w r0, r1, r2 | b.w near | true",
        "ldr.w r0, [r1, #4] | bl near | true",
        "movs r0, r0; movs r0, r0 | bl near | false",
        "bl near | bl near | false",
        "bne.w near2 | bl near | false",
        "nop.w | bl near | false",
        "dmb ish | bl near | false",
        "mrs r0, apsr | bl near | false",
        "msr apsr_nzcvq, r0 | bl near | true",
        "add.w r0, r1, r2 | bl far | false",
        "add.w r0, r1, r2 | b.w arm | false",
        "add.w r0, r1, r2 | bl arm | true",
        "add.w r0, r1, r2 | ldr.w r0, [r1, #4] | false",
        "add.w r0, r1, r2 | nop.w | false",
        ".hword 1, 0xf200 | bl near | false",
    })
    void whatIsASite(String before, String branch, boolean site) throws Exception {
        String text = V7A + """
                .text
                .globl _start, near, far, arm
                .type _start, %%function
                .type near, %%function
                .type far, %%function
                .type arm, %%function
                _start:
                near:   bx lr
                near2:  bx lr
                .arm
                arm:    bx lr
                .thumb
                .rept 2041
                        movs r0, r0
                .endr
                        %s
                        %s
                far:    bx lr
                """.formatted(before.replace(";", "\n"), branch);
        String said = same(List.of(object("a.o", text)), "--pic-veneer");
        assertEquals(site, said.contains("1 patch for Cortex-A8 erratum 657417"), said);
        assertEquals("", same(List.of(object("a.o", text)), "--pic-veneer", "--no-fix-cortex-a8").replaceAll("klink: note: 1 veneer .*\n", ""));
    }

    /// GNU ld decides by the attributes of the objects together.
    @ParameterizedTest
    @CsvSource({"armv7-a, true", "armv7, true", "armv7-r, false", "armv7ve, true", "armv8-a, false", "armv6t2, false", "armv7-m, false"})
    void theArchitectureDecides(String arch, boolean works) throws Exception {
        String text = ".arch " + arch + "\n.thumb\n.text\n.globl _start\n.type _start, %function\n_start: bx lr\n.space 4090 - 2\n add.w r0, r1, r2\n b.w _start\n";
        String a = object("a.o", text);
        assertEquals(works, same(List.of(a)).contains("1 patch "), arch);
        assertTrue(same(List.of(a), "--fix-cortex-a8").contains("1 patch "));
        assertEquals("", same(List.of(a), "--no-fix-cortex-a8"));
        if (works) {
            assertEquals("", same(List.of(a, object("newer.o", ".arch armv8-a\n.text\nnop\n"))), "an object for a later architecture takes it off");
        }
    }

    /// A call of nothing becomes a NOP. GNU ld takes what stands in the object for a branch to itself, and its patch for a loop without end.
    @Test
    void aCallOfNothingIsNone() {
        String text = V7A + ".text\n.weak nothing\n.globl _start\n.type _start, %function\n_start: bx lr\n.space 4090 - 2\n add.w r0, r1, r2\n bl nothing\n";
        object("a.o", text);
        CommandLine.Result r = CommandLine.run(List.of("ld", "-m", "armelf_linux_eabi", "-T", shop.path("script.lds").toString(), "-o", shop.path("out").toString(), shop.path("a.o").toString()));
        assertEquals("", r.err());
        shop.run("arm-linux-gnueabihf-ld", "--no-warn-rwx-segments", "-T", "script.lds", "-o", "gnu", "a.o");
        String code = shop.run("arm-linux-gnueabihf-objdump", "-d", "--start-address=0x10ffe", "--stop-address=0x11010", "gnu");
        assertTrue(code.lines().filter(l -> l.contains("b.w\t10ffe") || l.contains("bl\t1100")).count() == 2, code);
        assertTrue(shop.run("arm-linux-gnueabihf-objdump", "-d", "--start-address=0x10ffe", "out").contains("nop.w"));
    }

    /// Read with its bytes turned, `subs r7, #244; lsls r0, r5, #2` is `beq.w near`. GNU ld overwrites it with a branch.
    @Test
    void whatOnlyGnuLdTakesForASite() {
        String text = V7A + ".text\n.globl _start, near\n_start: movs r0, r0\nnear: bx lr\n.space 4090 - 4\nlsls r3, r5, #7\nlsls r0, r0, #8\nsubs r7, #244\nlsls r0, r5, #2\n";
        object("a.o", text);
        CommandLine.Result r = CommandLine.run(List.of("ld", "-m", "armelfb_linux_eabi", "--be8", "-T", shop.path("script.lds").toString(), "-o", shop.path("out").toString(), shop.path("a.big.o").toString()));
        assertEquals("", r.err());
        shop.run("arm-linux-gnueabihf-ld", "-EB", "--be8", "--no-warn-rwx-segments", "-T", "script.lds", "-o", "gnu", "a.big.o");
        assertTrue(shop.run("arm-linux-gnueabihf-objdump", "-d", "--start-address=0x10ffe", "gnu").contains("10ffe:\tf000 b803 \tb.w\t"));
        assertTrue(shop.run("arm-linux-gnueabihf-objdump", "-d", "--start-address=0x10ffe", "out").contains("10ffe:\t3ff4      \tsubs\tr7, #244"));
    }

    /// Groups of 4,170,000 bytes of code have their own patches; alignment moves what lies behind them, and makes and unmakes sites.
    @ParameterizedTest
    @ValueSource(ints = {4_160_000, 4_169_000, 5_000_000})
    void groupsHaveTheirOwn(int size) throws Exception {
        var objects = new ArrayList<String>();
        String pad = object("pad.o", V7A + ".text\n.space " + size + "\n");
        for (int k = 0; k < 3; k++) {
            var text = new StringBuilder(V7A + ".text\n" + (k == 0 ? ".globl _start\n_start:\n" : ""));
            for (int i = 0; i < 4; i++) {
                text.append(page(4 * k + i, (i % 2 == 0 ? "bl g" : "b.w back") + (4 * k + i)));
            }
            objects.add(object("o" + k + ".o", text.toString()));
            objects.add(pad);
        }
        assertTrue(same(objects).contains("12 patches"));
        assertTrue(shop.run("arm-linux-gnueabihf-objdump", "-h", "out").contains(".text"));
    }

    /// Code as it comes: branches of all forms, literals, Arm code, sections that are aligned to 2 bytes.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void randomCode(long seed) throws Exception {
        var random = new Random(seed);
        int patches = 0;
        for (int round = 0; round < 4; round++) {
            int files = 1 + random.nextInt(3);
            var objects = new ArrayList<String>();
            for (int f = 0; f < files; f++) {
                objects.add(object("r" + f + ".o", random(random, f, files)));
            }
            String said = same(objects);
            patches += said.contains(" patch") ? Integer.parseInt(said.replaceAll("(?s).*note: (\\d+) patch.*", "$1")) : 0;
        }
        assertTrue(patches > 0, "no site at all");
    }

    private static String random(Random random, int file, int files) {
        var text = new StringBuilder(V7A);
        String[] wide = {"add.w r0, r1, r2", "nop.w", "ldr.w r0, [r1, #4]", "movw r0, #1"};
        for (int s = 0; s < 3; s++) {
            text.append(".section ").append(s == 2 ? ".two" : ".text." + s).append(",\"ax\"\n.thumb\n.globl f").append(file).append('_').append(s).append(file + s == 0 ? "\n.globl _start\n_start:\n" : "\n");
            text.append(".type f%1$d_%2$d, %%function\nf%1$d_%2$d:\n".formatted(file, s));
            int labels = 0;
            for (int i = 0; i < 12_000; i++) {
                int kind = random.nextInt(100);
                String near = labels == 0 ? "." : ".L" + file + "_" + s + "_" + Math.max(0, labels - 1 - random.nextInt(3));
                if (kind < 3) {
                    text.append(".L%d_%d_%d:\n".formatted(file, s, labels++));
                } else if (kind < 45) {
                    text.append(wide[random.nextInt(20) < 17 ? 0 : random.nextInt(4)]).append('\n');
                } else if (kind < 60) {
                    text.append("movs r0, r1\n");
                } else if (kind < 95) {
                    text.append(new String[] {"b.w ", "bl ", "bne.w ", "bcs.w "}[random.nextInt(4)]).append(near).append('\n');
                } else if (kind < 98) {
                    text.append(random.nextBoolean() ? "bl" : "b.w").append(" f%d_%d\n".formatted(random.nextInt(files), random.nextInt(3)));
                } else if (kind == 98) {
                    text.append(".word 0x12121212\n");
                } else {
                    text.append(".balign 4\n.arm\n.type a%1$s, %%function\na%1$s: bx lr\n.thumb\nbl a%1$s\n".formatted(file + "_" + s + "_" + i));
                }
            }
        }
        return text.toString();
    }
}
