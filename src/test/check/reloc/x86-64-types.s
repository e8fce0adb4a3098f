// Every type of relocation is a reference, whatever it computes.
//# expect: caller+0x0 (section: .text) -> setup (section: .init.text)
//# expect: caller+0x8 (section: .text) -> setup (section: .init.text)
//# expect: caller+0xc (section: .text) -> setup (section: .init.text)
//# expect: caller+0x10 (section: .text) -> setup (section: .init.text)
//# expect: caller+0x18 (section: .text) -> setup (section: .init.text)
//# expect: caller+0x1c (section: .text) -> setup (section: .init.text)
        .text
caller: .quad setup
        .long setup
        .long setup - .
        .quad setup - .
        .long setup@plt
        .byte setup
        .section .init.text, "ax"
        .globl setup
setup:  ret
