// Each reference is reported, also when modpost says the same words again.
//# expect: caller+0x0 (section: .text) -> setup (section: .init.text)
//# expect: caller+0x8 (section: .text) -> setup (section: .init.text)
//# expect: other+0x0 (section: .text) -> setup (section: .init.text)
        .text
caller: .quad setup, setup
//# object: b.o
        .text
other:  .quad setup
//# object: c.o
        .section .init.text, "ax"
        .globl setup
setup:  ret
