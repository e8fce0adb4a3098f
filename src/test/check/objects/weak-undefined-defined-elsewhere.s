// A weak reference is one like any other when there is a definition.
//# expect: caller+0x0 (section: .text) -> setup (section: .init.text)
        .text
        .weak setup
caller: .quad setup
//# object: b.o
        .section .init.text, "ax"
        .globl setup
setup:  ret
