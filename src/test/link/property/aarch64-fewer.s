//# machine: aarch64
//# differs: ld section..note.gnu.property.present (klink makes no note of its own, and leaves out one that says too much)
//# expect-section: .note.gnu.property absent
//# script: property.lds
//# object: a.o
# What only some objects have goes.
        .globl _start
_start:
        nop
        .section .note.gnu.property,"a"
        .balign 8
        .long 4, 16, 5
        .asciz "GNU"
        .long 0xc0000000, 4, 0x3, 0
//# object: b.o
        nop
        .section .note.gnu.property,"a"
        .balign 8
        .long 4, 16, 5
        .asciz "GNU"
        .long 0xc0000000, 4, 0x1, 0
