//# run: echo nop > b.s; as --32 -o b.o b.s
//# args: -T SCRIPT a.o b.o
//# compare: ld ld.lld
//# expect-error: ELF class 1 is not supported
//# expect-error: b.o: file offset 0x4
        .globl _start
_start: ret
