//# run: echo nop > b.s; as --x32 -o b.o b.s
//# args: -T SCRIPT a.o b.o
//# compare: ld ld.lld
//# expect-error: ELF class of b.o differs from that of a.o
        .globl _start
_start: ret
