//# compare: ld ld.lld
//# expect-symbol: which section=.data bind=global
        .globl _start
_start: mov which(%rip), %eax
        .data
        .weak which
which:  .long 1
//# object: b.o
        .data
        .globl which
which:  .long 2
