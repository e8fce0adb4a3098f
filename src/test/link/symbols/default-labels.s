//# compare: ld
# Without an option only labels in merged sections go.
        .file "a.c"
        .globl _start
_start: ret
        .section .rodata.str1.1, "aMS", @progbits, 1
.LC0:   .asciz "merged"
named:  .asciz "also merged"
        .text
.Llabel: .quad .LC0
