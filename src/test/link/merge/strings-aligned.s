//# compare: ld
# What one section aligns to 8 keeps that.
        .globl _start
_start: ret
        .section .rodata.str1.8, "aMS", @progbits, 1
        .balign 8
.LC0:   .asciz "a long string that wants an alignment of eight bytes"
        .balign 8
.LC1:   .asciz "eight bytes"
        .balign 8
.LC2:   .asciz "short"
        .data
        .quad .LC0, .LC1, .LC2
//# object: b.o
        .section .rodata.str1.8, "aMS", @progbits, 1
        .balign 8
.LC0:   .asciz "short"
        .balign 8
.LC1:   .asciz "wants an alignment of eight bytes"
        .section .rodata.str1.1, "aMS", @progbits, 1
.LC2:   .asciz "short"
        .data
        .quad .LC0, .LC1, .LC2
