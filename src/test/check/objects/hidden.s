// Visibility hides a symbol from other programs, not from the kernel's objects.
//# expect: caller+0x0 (section: .text) -> setup (section: .init.text)
        .text
        .hidden setup
caller: .quad setup
//# object: b.o
        .section .init.text, "ax"
        .globl setup
        .hidden setup
setup:  ret
