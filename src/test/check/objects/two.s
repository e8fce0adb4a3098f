// The reference and what it refers to stand in two objects; neither alone shows it.
//# expect: caller+0x1 (section: .text) -> setup (section: .init.text)
        .text
        .globl caller
caller: call setup
//# object: b.o
        .section .init.text, "ax"
        .globl setup
setup:  ret
