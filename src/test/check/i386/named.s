// Symbols that are named, whatever the addend.
//# machine: i386
//# expect: caller+0x1 (section: .text) -> setup (section: .init.text)
//# expect: caller+0x5 (section: .text) -> setup (section: .init.text)
//# expect: caller+0x9 (section: .text) -> setup (section: .init.text)
        .text
caller: call setup
        .long setup + 1000
        .long setup - .
        .section .init.text, "ax"
        .globl setup
setup:  ret
