package klink.link;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import klink.cli.CommandLine;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Runs programs of ours that klink linked under QEMU's user emulation: the processor's word on what relocations mean.
/// Each adds up bits, one per thing that worked, and exits with a status that only the sum of all gives.
class Arm64ProgramTest {
    /// Exits with 42 if x20 is as expected, else with the number of the first bit that is missing.
    private static final String END = """
            finish: mov x0, #42
                mov x1, #0
                movz x2, #:abs_g0:all
                cmp x20, x2
                b.eq 2f
                eor x1, x20, x2
                rbit x1, x1
                clz x0, x1
            2:  mov x8, #93
                svc #0
            """;

    private static final String STATIC = """
            .globl _start
            .weak nowhere
            .macro worked bit
                orr x20, x20, #(1 << \\bit)
            .endm
            _start: mov x20, #0
                bl other                        // a call into the other object
                bl beyond                       // out of reach
                bl nowhere                      // does nothing
                adrp x0, value                  // a pair
                ldr x1, [x0, :lo12:value]
                cmp x1, #77
                b.ne 1f
                worked 2
            1:  adrp x0, :got:value             // through the table
                ldr x0, [x0, :got_lo12:value]
                ldr x1, [x0]
                cmp x1, #77
                b.ne 1f
                worked 3
            1:  movz x0, #:abs_g2:value         // an address in pieces
                movk x0, #:abs_g1_nc:value
                movk x0, #:abs_g0_nc:value
                ldr x1, [x0]
                cmp x1, #77
                b.ne 1f
                worked 4
            1:  adr x0, near
                ldr w1, near
                ldr w2, [x0]
                cmp w1, w2
                b.ne 1f
                worked 5
            1:  adrp x0, pointers               // words and distances
                add x0, x0, :lo12:pointers
                ldr x1, [x0]
                ldr x1, [x1]
                cmp x1, #77
                b.ne 1f
                ldrsw x2, [x0, #8]
                add x3, x0, #8
                add x2, x2, x3
                ldr x1, [x2]
                cmp x1, #77
                b.ne 1f
                worked 6
            1:  adrp x0, wide                   // 16 bytes at once
                ldr q0, [x0, :lo12:wide]
                fmov x1, d0
                cmp x1, #5
                b.ne 1f
                worked 7
            1:  adrp x0, .Lstring               // a merged string
                add x0, x0, :lo12:.Lstring
                adrp x1, shared
                ldr x1, [x1, :lo12:shared]
                cmp x0, x1
                b.ne 1f
                worked 8
            1:  adrp x0, nowhere
                adrp x1, .
                cmp x0, x1                      // the distance to nothing is that to the place
                b.ne 1f
                worked 9
            1:  b finish
            near: .word 0x12345678
            """ + END + """
            .section .rodata.str1.1,"aMS",@progbits,1
            .Lstring: .asciz "a string that two objects have"
            .data
            .balign 8
            pointers: .quad value
                .word value - .
            """;
    private static final String OTHER = """
            .globl other, value, wide, shared, beyond, all
            .set all, 0x7ff
            .text
            other: orr x20, x20, #1
                ret
            .section .far,"ax"
            beyond: mov x21, x30
                orr x20, x20, #2
                bl back                         // out of reach the other way
                ret x21
            .text
            back: orr x20, x20, #0x400
                ret
            .data
            .balign 16
            wide: .quad 5, 6
            value: .quad 77
            shared: .quad .Lstring
            .section .rodata.str1.1,"aMS",@progbits,1
            .asciz "another string"
            .Lstring: .asciz "a string that two objects have"
            """;
    private static final String STATIC_SCRIPT = """
            ENTRY(_start)
            SECTIONS {
              . = 0x10000000;
              .text : { *(.text) }
              .rodata : { *(.rodata .rodata.*) }
              .got : { *(.got .got.plt) }
              .data : { *(.data) }
              . = 0x20000000;
              .far : { *(.far) }
              /DISCARD/ : { *(.note.GNU-stack) }
            }
            """;

    /// Applies its own RELATIVE entries, as a kernel does, then uses words that must have moved, or not.
    private static final String MOVING = """
            .globl _start
            .hidden _text, __rela_start, __rela_end
            _start: mov x20, #0
                adrp x10, _text
                add x10, x10, :lo12:_text       // linked at 0: the displacement
                adrp x0, __rela_start
                add x0, x0, :lo12:__rela_start
                adrp x1, __rela_end
                add x1, x1, :lo12:__rela_end
            1:  cmp x0, x1
                b.hs 2f
                ldp x2, x3, [x0], #24
                ldur x4, [x0, #-8]
                cmp x3, #1027
                b.ne 1b
                add x4, x4, x10
                str x4, [x2, x10]
                b 1b
            2:  cbz x10, 3f
                orr x20, x20, #1                // loaded elsewhere indeed
            3:  adrp x0, words
                add x0, x0, :lo12:words
                ldr x1, [x0]
                blr x1
                ldr x1, [x0, #8]
                ldr x1, [x1]
                cmp x1, #88
                b.ne 4f
                orr x20, x20, #4
            4:  ldr x1, [x0, #16]
                cmp x1, #0x99                   // a number does not move
                b.ne 5f
                orr x20, x20, #8
            5:  ldr x1, [x0, #24]               // nor does nothing
                cbnz x1, 6f
                orr x20, x20, #16
            6:  adrp x1, :got:far
                ldr x1, [x1, :got_lo12:far]
                ldr x2, [x1]
                cmp x2, #88
                b.ne 7f
                orr x20, x20, #32
            7:  ldr x1, [x0, #32]
                ldrb w1, [x1]
                cmp w1, #'s'
                b.ne 8f
                orr x20, x20, #64
            8:  ldr x1, [x0, #40]
                cmp x1, x0                      // itself
                b.ne finish
                orr x20, x20, #128
                b finish
            called: orr x20, x20, #2
                ret
            """ + END + """
            .set all, 0xff
            .set number, 0x99
            .weak nowhere
            .hidden nowhere, number
            .globl far, number
            .section .rodata.str1.1,"aMS",@progbits,1
            .asciz "first"
            .Lstring: .asciz "string"
            .data
            .balign 8
            words: .quad called, far, number, nowhere, .Lstring, words
            far: .quad 88
            """;
    private static final String MOVING_SCRIPT = """
            ENTRY(_start)
            SECTIONS {
              /DISCARD/ : { *(.interp .dynamic .dynsym .dynstr .hash .gnu.hash .note.GNU-stack) }
              . = 0;
              .text : { _text = .; *(.text) *(.got) }
              .got.plt : { *(.got.plt) }
              .rodata : { *(.rodata .rodata.*) }
              .rela.dyn : ALIGN(8) { __rela_start = .; *(.rela .rela*) __rela_end = .; }
              .data : { *(.data) }
            }
            """;

    @TempDir
    Path dir;
    private Workshop shop;

    @BeforeEach
    void tools() {
        assumeTrue(Workshop.has("aarch64-linux-gnu-as"), "no GNU binutils for aarch64");
        assumeTrue(Workshop.has("qemu-aarch64"), "no qemu-user");
        shop = new Workshop(dir);
    }

    private int run(String... options) {
        var words = new ArrayList<>(List.of("ld", "-m", "aarch64elf", "-o", dir.resolve("program").toString(), "-T", dir.resolve("s.lds").toString()));
        words.addAll(List.of(options));
        var result = CommandLine.run(words);
        assertEquals(0, result.status(), result.err());
        return Integer.parseInt(shop.run("sh", "-c", "qemu-aarch64 ./program; echo $?").strip());
    }

    @Test
    void aStaticProgramRuns() {
        shop.write("s.lds", STATIC_SCRIPT);
        String a = shop.assemble("aarch64", "a.o", "", STATIC).toString();
        String b = shop.assemble("aarch64", "b.o", "", OTHER).toString();
        assertEquals(42, run(a, b));
        assertEquals(42, run(b, a));
        assertEquals(42, run("--fix-cortex-a53-843419", a, b));
    }

    @Test
    void theSumCanBeMissed() {
        shop.write("s.lds", STATIC_SCRIPT);
        String a = shop.assemble("aarch64", "a.o", "", STATIC).toString();
        String b = shop.assemble("aarch64", "b.o", "", OTHER.replace("value: .quad 77", "value: .quad 78")).toString();
        assertEquals(2, run(a, b));
    }

    @Test
    void aProgramMovesItself() {
        shop.write("s.lds", MOVING_SCRIPT);
        String a = shop.assemble("aarch64", "a.o", "", MOVING).toString();
        for (String applied : List.of("--apply-dynamic-relocs", "--no-apply-dynamic-relocs")) {
            assertEquals(42, run("-shared", "-Bsymbolic", "-z", "notext", applied, a), applied);
        }
    }
}
