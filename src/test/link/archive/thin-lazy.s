//# thin-archive: lib.a b.o c.o
//# compare: ld ld.lld
//# expect-symbol: unused absent
        .globl _start
_start: call used
//# object: b.o
        .globl used
used:   ret
//# object: c.o
        .globl unused
unused: ret
