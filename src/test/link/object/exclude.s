//# compare: ld ld.lld
//# expect-section: .excluded absent
        .globl _start
_start: ret
        .section .excluded, "e"
        .quad 1
