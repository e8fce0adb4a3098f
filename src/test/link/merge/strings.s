//# compare: ld
# Equal strings once, tails shared.
        .globl _start
_start: ret
        .section .rodata.str1.1, "aMS", @progbits, 1
.LC0:   .asciz "is unused"
.LC1:   .asciz "unused"
.LC2:   .asciz ""
.LC3:   .asciz "used"
        .data
        .quad .LC0, .LC1, .LC2, .LC3, .LC1 + 2
//# object: b.o
        .section .rodata.str1.1, "aMS", @progbits, 1
.LC0:   .asciz "unused"
.LC1:   .asciz "is unused"
.LC2:   .asciz "fresh"
        .data
        .quad .LC0, .LC1, .LC2
