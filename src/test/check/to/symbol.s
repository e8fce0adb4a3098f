// A reference that names its target is named so, wherever the addend leads.
//# expect: caller+0x0 (section: .text) -> setup (section: .init.text)
//# expect: caller+0x8 (section: .text) -> setup (section: .init.text)
//# expect: caller+0x10 (section: .text) -> setup (section: .init.text)
        .text
caller: .quad setup
        .quad setup + 100
        .quad setup - 4
        .section .init.text, "ax"
        .globl setup
setup:  .zero 8
        .globl other
other:  .zero 200
