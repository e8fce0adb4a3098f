// Symbols of sections have no names, so they name nothing.
//# expect-6.1: (unknown) (section: .text) -> setup (section: .init.text)
//# expect-6.12: reference: 0x0 (section: .text) -> setup (section: .init.text)
        .text
        .quad setup
        .section .rodata, "a"
        .quad .text
        .section .init.text, "ax"
        .globl setup
setup:  ret
