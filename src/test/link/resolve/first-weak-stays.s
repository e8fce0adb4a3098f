//# compare: ld ld.lld
        .globl _start
_start: mov which(%rip), %eax
        .data
        .weak which
which:  .long 1
//# object: b.o
        .data
        .weak which
which:  .long 2
