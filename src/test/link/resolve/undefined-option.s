//# archive: lib.a b.o
//# options: -u wanted
//# compare: ld ld.lld
//# expect-symbol: wanted
        .globl _start
_start: ret
//# object: b.o
        .globl wanted
wanted: ret
