//# run: ld -z noexecstack -o prog a.o
//# args: -T SCRIPT a.o prog
//# expect-error: only relocatable objects (1) can be linked
//# expect-error: prog: file offset 0x10
        .globl _start
_start: ret
