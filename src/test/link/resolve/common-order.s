//# compare: ld
//# expect-symbol: big section=.bss size=0x20
# Commons lie in the order of GNU ld's hash table, each beside the object that has its largest definition.
        .globl _start
_start: ret
        .comm aa, 3, 1
        .comm bb, 16, 16
        .comm cc, 1, 1
        .comm zz, 8, 8
        .comm foo_bar, 5, 4
        .comm big, 4, 4
        .local lc
        .comm lc, 4, 4
//# object: b.o
        .comm big, 32, 32
        .comm bb, 4, 2
        .comm other, 7, 1
