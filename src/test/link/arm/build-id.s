//# machine: arm
//# options: --build-id=0x0102030405060708
//# compare: ld
//# ignore: symbol.$d.present (GNU ld adds one to each section of data that has no mapping symbol)
//# script: inline
SECTIONS { .text : { *(.text) } .notes : { *(.note.*) } }
//# object: a.o
# The build id comes before the first file's notes.
        .globl  _start
_start: bx      lr
        .section .note.ours, "a", %note
        .word   4, 4, 1
        .asciz  "our"
        .word   5
