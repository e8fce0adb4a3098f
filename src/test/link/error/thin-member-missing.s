//# thin-archive: lib.a b.o c.o
//# run: rm c.o
//# args: -T SCRIPT a.o --whole-archive lib.a
//# compare: ld.lld
//# expect-error: cannot find c.o
        .globl _start
_start: ret
//# object: b.o
        nop
//# object: c.o
        nop
