// A weak default that stays is replaced by another object's init function: the caller of the default calls that.
//# expect: caller+0x1 (section: .text) -> setup (section: .init.text)
        .text
        .globl caller
caller: call setup
        .weak setup
setup:  ret
//# object: b.o
        .section .init.text, "ax"
        .globl setup
setup:  ret
