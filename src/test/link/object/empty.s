//# run: as -o b.o /dev/null
//# args: -T SCRIPT a.o b.o
//# compare: ld ld.lld
        .globl _start
_start: ret
