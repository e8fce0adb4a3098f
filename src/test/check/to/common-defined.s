// A COMMON symbol that is defined elsewhere is that definition: no report, and its section counts.
//# expect: caller+0x0 (section: .text) -> shared (section: .init.data)
        .comm shared, 8, 8
        .text
caller: .quad shared
//# object: b.o
        .section .init.data, "aw"
        .globl shared
shared: .quad 0
