//# compare: ld
//# options: -Ttext=0x500000 -Tdata 600000 --section-start=.mine=0x700000
//# expect-section: .text addr=0x500000
//# expect-section: .mine addr=0x700000
        .globl _start
_start: ret
        .data
        .quad 1
        .section .mine, "aw"
        .quad 2
