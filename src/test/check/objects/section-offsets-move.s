// Sections of several objects are put together; the local target is still found by its place in its own.
//# expect: caller+0x0 (section: .text) -> mine (section: .init.data)
        .section .init.data, "aw"
        .globl first
first:  .zero 100
//# object: b.o
        .text
caller: .quad mine
        .section .init.data, "aw"
        .zero 40
mine:   .zero 40
//# object: c.o
        .section .init.data, "aw"
        .globl last
last:   .zero 100
