// A named symbol with what lies before it.
//# expect: caller+0x0 (section: .text) -> setup (section: .init.text)
        .text
caller: .quad setup - 0x1000
        .section .init.text, "ax"
        .globl setup
setup:  ret
