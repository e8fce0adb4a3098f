//# run: head -c 200 a.o > b.o
//# args: -T SCRIPT b.o
//# compare: ld ld.lld
//# expect-error: b.o: file offset
        .globl _start
_start: ret
