// No symbol before the place: one behind it does not count.
//# expect-6.1: (unknown) (section: .text) -> setup (section: .init.text)
//# expect-6.12: reference: 0x8 (section: .text) -> setup (section: .init.text)
        .text
        .quad 0, setup
behind: .quad 0
        .section .init.text, "ax"
        .globl setup
setup:  ret
