//# compare: ld
//# differs: ld.lld content..text (lld fills code with int3)
# Gaps between code are no-operations, of every length.
        .globl _start
_start: ret
        .macro gap n
        .section .text.g\n, "ax"
        .balign 32
        .skip 32 - \n, 0xf4
        .endm
        gap 1
        gap 2
        gap 3
        gap 4
        gap 5
        gap 6
        gap 7
        gap 8
        gap 9
        gap 10
        gap 11
        gap 12
        gap 13
        gap 14
        gap 15
        gap 16
        gap 17
        gap 23
        gap 31
        .section .text.last, "ax"
        .balign 256
        ret
