//# compare: ld
        .globl _start
_start: ret
        .section .gnu.linkonce.t.f, "ax"
        nop
//# object: b.o
        .section .gnu.linkonce.t.f, "ax"
        nop
