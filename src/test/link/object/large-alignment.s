//# compare: ld ld.lld
        .globl _start
_start: ret
        .section .data.aligned, "aw"
        .balign 0x200000
        .quad 1
        .bss
        .balign 0x1000
        .skip 0x3000
