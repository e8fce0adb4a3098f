//# machine: aarch64
//# compare: ld
//# script: property.lds
//# object: a.o
# Nothing is left, so there is no note.
        .globl _start
_start:
        nop
        .section .note.gnu.property,"a"
        .balign 8
        .long 4, 16, 5
        .asciz "GNU"
        .long 0xc0000000, 4, 0x1, 0
//# object: b.o
        nop
        .section .note.gnu.property,"a"
        .balign 8
        .long 4, 16, 5
        .asciz "GNU"
        .long 0xc0000000, 4, 0x2, 0
