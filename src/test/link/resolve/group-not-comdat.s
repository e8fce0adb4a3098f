//# compare: ld ld.lld
# A group without GRP_COMDAT is no reason to drop anything.
        .globl _start
_start: ret
        .section .text.g, "axG", @progbits, sig
        nop
//# object: b.o
        .section .text.g, "axG", @progbits, sig
        nop
