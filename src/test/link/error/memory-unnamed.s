//# script: inline
MEMORY { rom (x) : ORIGIN = 0x100000, LENGTH = 8K }
SECTIONS { .text : { *(.text) } >rom .data : { *(.data) } /DISCARD/ : { *(.note.GNU-stack) } }
//# object: a.o
//# compare: ld
//# expect-error: no memory region specified for loadable section `.data'
        .globl _start
_start: ret
        .data
        .quad 1
