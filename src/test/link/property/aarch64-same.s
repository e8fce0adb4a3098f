//# machine: aarch64
//# compare: ld
//# script: property.lds
//# object: a.o
# Every object says the same: so does the image.
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
        .long 0xc0000000, 4, 0x3, 0
