//# compare: ld
# Entry sizes that fit neither the size nor the alignment: not merged.
        .globl _start
_start: ret
        .section .a, "aM", @progbits, 3
        .byte 1, 2, 3, 1, 2, 3
        .section .b, "aM", @progbits, 8
        .byte 1, 2, 3
        .section .c, "aM", @progbits, 4
        .balign 16
        .long 1, 1, 1, 1
