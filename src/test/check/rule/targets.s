// Whatever begins with .init. or .exit. is freed or dropped.
//# expect: caller+0x0 (section: .text) -> t0 (section: .init.setup)
//# expect: caller+0x8 (section: .text) -> t1 (section: .init.anything)
//# expect: caller+0x10 (section: .text) -> t2 (section: .init.)
//# expect: caller+0x18 (section: .text) -> t3 (section: .exit.anything)
//# expect: caller+0x20 (section: .text) -> t4 (section: .init.bss)
        .text
caller: .quad t0, t1, t2, t3, t4
        .macro t name, section
        .section \section, "aw"
        .globl \name
\name:  .quad 0
        .endm
        t t0, .init.setup
        t t1, .init.anything
        t t2, .init.
        t t3, .exit.anything
        .section .init.bss, "aw", @nobits
        .globl t4
t4:     .zero 8
