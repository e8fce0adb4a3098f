//# run: echo nop > b.s; as --32 -o b.o b.s
//# args: -T SCRIPT a.o b.o
//# compare: ld ld.lld
//# expect-error: machine 3 of b.o differs from that of a.o (62)
        .globl _start
_start: ret
