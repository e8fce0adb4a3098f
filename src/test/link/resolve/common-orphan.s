//# script: inline
SECTIONS { . = 0x10000; .text : { *(.text) } .data : { *(.data) } .bss : { b = .; *(.bss) e = .; } /DISCARD/ : { *(.note.GNU-stack) } }
//# object: a.o
//# compare: ld
//# expect-symbol: aa section=.bss
# Without *(COMMON) in the script, commons end .bss.
        .globl _start
_start: ret
        .comm aa, 3, 1
        .comm bb, 16, 16
