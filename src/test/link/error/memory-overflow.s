//# script: inline
MEMORY { rom (rx) : ORIGIN = 0x100000, LENGTH = 8 }
SECTIONS { .text : { *(.text) } >rom .rest : { *(.rest) } >rom /DISCARD/ : { *(.note.GNU-stack) } }
//# object: a.o
//# compare: ld
//# expect-error: section `.rest' will not fit in region `rom'
//# expect-error: region `rom' overflowed by 4 bytes
        .globl _start
_start: ret
        .p2align 2
        .section .rest, "a"
        .quad 1
