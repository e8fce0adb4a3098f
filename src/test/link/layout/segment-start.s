//# script: inline
SECTIONS { . = SEGMENT_START("text-segment", 0x10000); .text : { *(.text) } . = SEGMENT_START("data", 0x20000); .data : { *(.data) } /DISCARD/ : { *(.note.GNU-stack) } }
//# object: a.o
//# compare: ld
//# options: -Ttext-segment=0x70000 -Tdata=0x90000 -e 0x70001
        .globl _start
_start: nop
        .data
        .quad 1
