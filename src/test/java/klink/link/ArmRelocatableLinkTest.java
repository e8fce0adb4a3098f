package klink.link;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import klink.cli.CommandLine;
import klink.inspect.Comparison;
import klink.inspect.ElfImage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `klink ld -r` where addends stand in the code: GNU ld links what it makes on, and must give the image that the objects give directly.
/// `src/test/link/arm/relocatable.s` compares the merged object itself.
class ArmRelocatableLinkTest {
    private static final String LD = Workshop.tool("arm", "ld");
    /// Every kind of addend, against the symbol of a section.
    private static final String RARE = """
            .syntax unified
            .text
            .arm
            x: movw r0, #0x10
            movt r0, #0x20
            movw r0, #0
            movt r0, #0
            add r0, pc, #4
            ldr r0, [pc, #4]
            ldr r0, [pc, #-8]
            ldrd r0, [pc, #4]
            ldc p1, c1, [pc, #4]
            ldr r0, [r1, #4]
            bl x
            blne x
            blx x
            .word 0x80000010
            .reloc x, R_ARM_MOVW_ABS_NC, .data
            .reloc x+4, R_ARM_MOVT_ABS, .data
            .reloc x+8, R_ARM_MOVW_PREL_NC, .data
            .reloc x+12, R_ARM_MOVT_PREL, .data
            .reloc x+16, R_ARM_ALU_PC_G0_NC, .text
            .reloc x+20, R_ARM_LDR_PC_G1, .text
            .reloc x+24, R_ARM_LDR_PC_G0, .text
            .reloc x+28, R_ARM_LDRS_PC_G0, .text
            .reloc x+32, R_ARM_LDC_PC_G0, .text
            .reloc x+36, R_ARM_ABS12, .data
            .reloc x+40, R_ARM_CALL, .text
            .reloc x+44, R_ARM_JUMP24, .text
            .reloc x+48, R_ARM_CALL, .text
            .reloc x+52, R_ARM_PREL31, .data
            .thumb
            .thumb_func
            t: movw r0, #3
            movt r0, #3
            movw r0, #3
            movt r0, #3
            adr.w r0, .
            ldr.w r0, [pc, #4]
            ldr.n r0, [pc, #4]
            ldr.n r0, [pc, #4]
            .reloc t, R_ARM_THM_MOVW_ABS_NC, .data
            .reloc t+4, R_ARM_THM_MOVT_ABS, .data
            .reloc t+8, R_ARM_THM_MOVW_PREL_NC, .data
            .reloc t+12, R_ARM_THM_MOVT_PREL, .data
            .reloc t+16, R_ARM_THM_ALU_PREL_11_0, .text
            .reloc t+20, R_ARM_THM_PC12, .data
            .reloc t+24, R_ARM_THM_PC8, .data
            .section .text.words, "ax"
            .word t, x + 8, x - .
            .data
            .space 8
            .short 0x123
            .byte 5, 0
            .reloc 8, R_ARM_ABS16, .near
            .reloc 10, R_ARM_ABS8, .near
            .section .near, "a"
            .space 12
            """;
    private static final String FINAL = """
            SECTIONS
            {
              .near 0x10 : { *(.near) }
              .text 0x100 : { *(.text) *(.text.*) }
              .data 0x200 : { *(.data) }
              .ARM.exidx : { *(.ARM.exidx*) }
              .rodata : { *(.rodata*) }
            }
            """;
    private static final String UNWOUND = """
            .syntax unified
            .globl _start
            .text
            .fnstart
            _start: push {r4, lr}
            .save {r4, lr}
            bl near
            pop {r4, pc}
            .fnend
            .section .text.bare, "ax"
            near: bl _start
            .section .text.more, "ax"
            .fnstart
            bl near
            .cantunwind
            .fnend
            .section .text.last, "ax"
            .fnstart
            push {r4, r5, r6, lr}
            .save {r4, r5, r6, lr}
            bl near
            .fnend
            .section .rodata.str1.1, "aMS", %progbits, 1
            text: .asciz "hello"
            .data
            .word text, near
            """;

    @TempDir
    Path dir;
    private Workshop shop;

    @BeforeEach
    void workshop() {
        shop = new Workshop(dir);
        assumeTrue(Workshop.has(LD), "no GNU binutils for arm");
        shop.write("final.lds", FINAL);
    }

    private void link(String... options) {
        var command = new ArrayList<>(List.of("ld", "-r", "-o", dir.resolve("out.o").toString(), dir.resolve("a.o").toString(), dir.resolve("b.o").toString()));
        command.addAll(List.of(options));
        var r = CommandLine.run(command);
        assertEquals(0, r.status(), r.err());
    }

    @Test
    void addendsOfEveryKindLeadToTheSameImage() throws IOException {
        shop.assemble("arm", "a.o", "-march=armv7-a", RARE);
        shop.assemble("arm", "b.o", "-march=armv7-a", RARE);
        link();
        shop.run(LD, "--no-warn-rwx-segments", "-T", "final.lds", "-e", "0", "-o", "direct", "a.o", "b.o");
        shop.run(LD, "--no-warn-rwx-segments", "-T", "final.lds", "-e", "0", "-o", "through", "out.o");
        for (String section : List.of(".text", ".data")) {
            assertArrayEquals(bytes("direct", section), bytes("through", section), section);
        }
    }

    @Test
    void aSeparatedLinkLosesNothing() throws IOException {
        shop.assemble("arm", "a.o", "-march=armv7-a", UNWOUND);
        shop.assemble("arm", "b.o", "-march=armv7-a", UNWOUND.replace("_start", "other"));
        link("--unique");
        shop.run(LD, "--no-warn-rwx-segments", "-T", "final.lds", "--defsym=__aeabi_unwind_cpp_pr0=0", "-o", "direct", "a.o", "b.o");
        shop.run(LD, "--no-warn-rwx-segments", "-T", "final.lds", "--defsym=__aeabi_unwind_cpp_pr0=0", "-o", "through", "out.o");
        List<String> differences = Comparison.of(ElfImage.open(dir.resolve("direct")), ElfImage.open(dir.resolve("through")), false).stream()
                .map(Object::toString).filter(d -> !d.contains("file-symbol.") && !d.contains("symtab.size") && !d.contains("strtab.size")).toList();
        assertEquals(List.of(), differences);
    }

    private byte[] bytes(String file, String section) throws IOException {
        ElfImage image = ElfImage.open(dir.resolve(file));
        return image.bytes(image.section(section).orElseThrow()).toArray(ValueLayout.JAVA_BYTE);
    }
}
