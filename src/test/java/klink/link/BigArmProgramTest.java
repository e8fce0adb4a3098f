package klink.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import klink.cli.CommandLine;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Big-endian arm programs run: with big-endian code (BE32) and with little-endian code (BE8), in both modes, with veneers. That images are GNU ld's is
/// what the cases below `src/test/link/arm` say, each of which is linked in both forms.
class BigArmProgramTest {
    /// Adds what it finds in words, halfwords and bytes of data, of the script and of code; calls there and back, near and far.
    private static final String NEAR = """
            .syntax unified
            .arch armv7-a
            .text
            .globl _start, back
            .type _start, %function
            .arm
            _start: ldr r1, =word
                    ldr r4, [r1]
                    movw r1, #:lower16:halves
                    movt r1, #:upper16:halves
                    ldrh r2, [r1, #2]
                    add r4, r4, r2
                    ldr r1, =bytes
                    ldrb r2, [r1, #1]
                    add r4, r4, r2
                    ldr r1, =from_script
                    ldr r2, [r1]
                    add r4, r4, r2
                    ldrh r2, [r1, #4]
                    add r4, r4, r2
                    ldr r1, =functions
                    ldr r2, [r1]
                    blx r2
                    ldr r2, [r1, #4]
                    blx r2
                    bl far_arm
                    bl far_thumb
                    b far_jump
                    .type back, %function
            back:   mov r0, r4
                    mov r7, #1
                    svc 0
                    .pool
                    .type near_arm, %function
            near_arm: add r4, r4, #1
                    bx lr
                    .thumb
                    .type near_thumb, %function
            near_thumb: adds r4, #2
                    bx lr
                    .data
                    .balign 4
            word:   .word 3
            halves: .hword 0x100, 5
            bytes:  .byte 9, 7
                    .balign 4
            functions: .word near_arm, near_thumb
            """;
    private static final String FAR = """
            .syntax unified
            .arch armv7-a
            .section .far, "ax"
            .globl far_arm, far_thumb, far_jump
            .type far_arm, %function
            .arm
            far_arm: add r4, r4, #4
                    bx lr
                    .thumb
                    .type far_thumb, %function
            far_thumb: adds r4, #8
                    bx lr
                    .type far_jump, %function
            far_jump: adds r4, #16
                    b.w back
            """;
    private static final int SUM = 3 + 5 + 7 + 10 + 20 + 1 + 2 + 4 + 8 + 16;
    private static final String SCRIPT = """
            ENTRY(_start)
            SECTIONS
            {
              .text 0x10000 : { *(.text) }
              .data : { *(.data) . = ALIGN(4); from_script = .; LONG(10) SHORT(20) }
              .far %s : { *(.far) }
            }
            """;

    @TempDir
    Path dir;
    private Workshop shop;

    @BeforeEach
    void tools() {
        assumeTrue(Workshop.has("arm-linux-gnueabihf-as"), "needs the package binutils-arm-linux-gnueabihf");
        assumeTrue(Workshop.has("qemu-armeb"), "needs the package qemu-user");
        shop = new Workshop(dir);
        shop.assemble("armeb", "near.o", "", NEAR);
        shop.assemble("armeb", "far.o", "", FAR);
    }

    private String link(String... words) {
        var args = new ArrayList<>(List.of("ld", "-EB"));
        for (String w : words) {
            args.add(shop.isFile(w) ? shop.path(w).toString() : w);
        }
        var r = CommandLine.run(args);
        assertEquals(0, r.status(), r.err());
        return r.err();
    }

    private void runs(String program) throws Exception {
        assertEquals(SUM, new ProcessBuilder("qemu-armeb", "./" + program).directory(dir.toFile()).start().waitFor());
    }

    @ParameterizedTest
    @CsvSource({
        "--no-relax, --no-relax,   0x20000,   0",
        "--be8,      --no-relax,   0x20000,   0",
        "--no-relax, --no-relax,   0x8000000, 4",
        "--no-relax, --pic-veneer, 0x8000000, 4",
        "--be8,      --no-relax,   0x8000000, 4",
        "--be8,      --pic-veneer, 0x8000000, 4"})
    void runsInBothForms(String form, String veneer, String far, int veneers) throws Exception {
        shop.write("script.lds", SCRIPT.formatted(far));
        String said = link(form, veneer, "-T", "script.lds", "-o", shop.path("out").toString(), "near.o", "far.o");
        assertEquals(veneers > 0, said.contains(veneers + " veneers for branches out of reach"), said);
        runs("out");
        String header = shop.run("readelf", "-h", "out");
        assertTrue(header.contains("big endian"), header);
        assertEquals(form.equals("--be8"), header.contains("BE8"), header);
    }

    /// Merged objects have the code of objects until `--be8`, which is for the last link.
    @Test
    void aMergedObjectIsLinkedOn() throws Exception {
        shop.write("script.lds", SCRIPT.formatted("0x20000"));
        link("-r", "-o", shop.path("merged.o").toString(), "near.o", "far.o");
        link("--be8", "-T", "script.lds", "-o", shop.path("out").toString(), "merged.o");
        runs("out");
        shop.run("arm-linux-gnueabihf-ld", "-EB", "--be8", "--no-warn-rwx-segments", "-T", "script.lds", "-o", "gnu", "merged.o");
        runs("gnu");
        link("-r", "--be8", "-o", shop.path("module.o").toString(), "near.o", "far.o");
        var again = CommandLine.run(List.of("ld", "-EB", "--be8", "-o", shop.path("twice").toString(), shop.path("module.o").toString()));
        assertEquals(1, again.status());
        assertTrue(again.err().contains("module.o is in final BE8 form"), again.err());
    }

    @Test
    void ordersOfBytesDoNotMix() {
        shop.assemble("arm", "little.o", "", ".globl f\nf: bx lr\n");
        shop.archive(false, List.of("lib.a", "little.o"));
        shop.assemble("armeb", "asks.o", "", ".globl _start\n_start: bl f\n");
        refused("is little-endian, and the link is to be big-endian", "-EB", "little.o");
        refused("is big-endian, and the link is to be little-endian", "-EL", "near.o");
        refused("is big-endian, and the link is to be little-endian", "-m", "armelf_linux_eabi", "-EL", "near.o");
        refused("is little-endian, but ", "near.o", "little.o");
        refused("lib.a(little.o) is little-endian, and the link is big-endian", "asks.o", "lib.a");
        refused("--be8: only an image of big-endian objects", "--be8", "little.o");
    }

    /// Other machines have no big-endian form here.
    @Test
    void otherMachinesAreRefused() {
        assumeTrue(Workshop.has("aarch64-linux-gnu-as") && Workshop.has("powerpc64le-linux-gnu-as"), "needs binutils of arm64 and powerpc");
        shop.assemble("aarch64", "arm64.o", "-EB", "nop\n");
        shop.assemble("powerpc64le", "powerpc.o", "-mbig", "nop\n");
        refused("ELF data encoding 2 is not supported: want little-endian (1), as machine 183 is not 32-bit arm (40)", "arm64.o");
        refused("ELF data encoding 2 is not supported: want little-endian (1), as machine 21 is not 32-bit arm (40)", "powerpc.o");
    }

    private void refused(String message, String... words) {
        var args = new ArrayList<>(List.of("ld", "-o", shop.path("refused").toString()));
        for (String w : words) {
            args.add(shop.isFile(w) ? shop.path(w).toString() : w);
        }
        var r = CommandLine.run(args);
        assertEquals(1, r.status(), r.err());
        assertTrue(r.err().contains(message), r.err());
    }
}
