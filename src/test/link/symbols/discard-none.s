//# options: --discard-none
//# compare: ld
        .file "a.c"
        .globl _start
_start: ret
local:  ret
        .section .rodata.str1.1, "aMS", @progbits, 1
.LC0:   .asciz "merged"
        .text
        .quad .LC0
//# object: b.o --keep-locals
        .file "b.c"
        .section .rodata.str1.1, "aMS", @progbits, 1
.LC1:   .asciz "merged too"
        .text
.Llabel: .quad .LC1
