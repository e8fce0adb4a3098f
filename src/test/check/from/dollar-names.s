// Other names with a dollar are names to 6.1; to 6.12 they are not.
//# expect-6.1: $b (section: .text) -> setup (section: .init.text)
//# expect-6.1: $dx (section: .text) -> setup (section: .init.text)
//# expect-6.1: L0x (section: .text) -> setup (section: .init.text)
//# expect-6.12: caller+0x8 (section: .text) -> setup (section: .init.text)
//# expect-6.12: caller+0x10 (section: .text) -> setup (section: .init.text)
//# expect-6.12: caller+0x18 (section: .text) -> setup (section: .init.text)
        .text
caller: .quad 0
"$b":   .quad setup
"$dx":  .quad setup
L0x:    .quad setup
        .section .init.text, "ax"
        .globl setup
setup:  ret
