//# compare: ld
//# script: property.lds
//# object: a.o -mx86-used-note=no
# IBT and SHSTK in every object.
        .globl _start
_start:
        nop
        .section .note.gnu.property,"a"
        .balign 8
        .long 4, 16, 5
        .asciz "GNU"
        .long 0xc0000002, 4, 0x3, 0
//# object: b.o -mx86-used-note=no
        nop
        .section .note.gnu.property,"a"
        .balign 8
        .long 4, 16, 5
        .asciz "GNU"
        .long 0xc0000002, 4, 0x3, 0
