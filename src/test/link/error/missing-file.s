//# args: -T SCRIPT a.o missing.o also-missing.a
//# compare: ld ld.lld
//# expect-error: cannot find missing.o
//# expect-error: cannot find also-missing.a
        .globl _start
_start: ret
