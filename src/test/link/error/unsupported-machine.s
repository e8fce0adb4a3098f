//# run: cp a.o b.o; printf '\363' | dd of=b.o bs=1 seek=18 conv=notrunc status=none
//# args: -T SCRIPT b.o
//# expect-error: machine 243 of b.o is not supported
        .globl _start
_start: ret
