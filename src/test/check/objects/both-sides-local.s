// Each object has its own `setup`: a local symbol hides the other object's, and only one reference is bad.
//# expect: caller_b+0x0 (section: .text) -> setup (section: .init.text)
        .text
        .globl caller_a
caller_a: .quad setup
setup:  ret
//# object: b.o
        .text
        .globl caller_b
caller_b: .quad setup
//# object: c.o
        .section .init.text, "ax"
        .globl setup
setup:  ret
