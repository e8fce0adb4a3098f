// The symbol before the place is named, however far it is.
//# expect: caller+0x1000 (section: .text) -> setup (section: .init.text)
        .text
caller: .zero 0x1000
        .quad setup
        .section .init.text, "ax"
        .globl setup
setup:  ret
