//# compare: ld
# A last string without its NUL.
        .globl _start
_start: ret
        .section .rodata.str1.1, "aMS", @progbits, 1
.L0:    .asciz "abc"
.L1:    .ascii "def"
        .data
        .quad .L0, .L1
//# object: b.o
        .section .rodata.str1.1, "aMS", @progbits, 1
.L0:    .asciz "def"
.L1:    .asciz "abc"
        .data
        .quad .L0, .L1
