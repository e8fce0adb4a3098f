//# differs: ld section..note.gnu.property.present (klink makes no note of its own, and leaves out one that says too much)
//# expect-section: .note.gnu.property absent
//# script: property.lds
//# object: a.o -mx86-used-note=no
# Instruction sets used: those of all objects together, if every object says.
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
        .section .note.gnu.property,"a"
        .balign 8
        .long 4, 16, 5
        .asciz "GNU"
        .long 0xc0010002, 4, 0x6, 0
