//# args: -o nowhere/vmlinux -T SCRIPT a.o
//# compare: ld
//# expect-error: nowhere
        .globl _start
_start: ret
