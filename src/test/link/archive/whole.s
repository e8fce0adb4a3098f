//# archive: libx.a b.o c.o
//# args: -T SCRIPT a.o --whole-archive libx.a --no-whole-archive
//# compare: ld ld.lld
//# expect-symbol: nobody_asked
        .globl _start
_start: ret
//# object: b.o
        .globl nobody_asked
nobody_asked: ret
//# object: c.o
        .data
        .quad 5
