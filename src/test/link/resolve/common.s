//# compare: ld
//# ignore: symbol.defined.size (GNU ld keeps the size of the common symbol that was replaced)
//# ignore: symbol.defined.type (the same)
//# expect-symbol: big section=.bss size=0x20
//# expect-symbol: defined section=.data
# The largest size, the strictest alignment; a definition replaces it.
        .globl _start
_start: lea big(%rip), %rax
        lea defined(%rip), %rax
        lea weakly(%rip), %rax
        .comm big, 8, 64
        .comm defined, 8, 8
        .comm weakly, 4, 4
//# object: b.o
        .comm big, 32, 8
        .data
        .globl defined
defined: .quad 1
        .weak weakly
weakly: .quad 2
