//# run: cp a.o b.o; printf '\267' | dd of=b.o bs=1 seek=18 conv=notrunc status=none
//# args: -T SCRIPT a.o b.o
//# compare: ld ld.lld
//# expect-error: machine 183 of b.o differs from that of a.o (62)
        .globl _start
_start: ret
