//# compare: ld
//# script: property.lds
//# object: a.o -mx86-used-note=no
# Instruction sets used are not known where an object does not say.
        .globl _start
_start:
        nop
        .section .note.gnu.property,"a"
        .balign 8
        .long 4, 16, 5
        .asciz "GNU"
        .long 0xc0010002, 4, 0x1, 0
//# object: b.o -mx86-used-note=no
        nop
