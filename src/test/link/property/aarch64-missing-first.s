//# machine: aarch64
//# compare: ld
//# script: property.lds
//# object: a.o
# An object without a note has nothing, wherever it stands.
        .globl _start
_start:
        nop
//# object: b.o
        nop
        .section .note.gnu.property,"a"
        .balign 8
        .long 4, 16, 5
        .asciz "GNU"
        .long 0xc0000000, 4, 0x3, 0
