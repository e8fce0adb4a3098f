// Objects with nothing in them.
//# expect: caller+0x0 (section: .text) -> setup (section: .init.text)
        .file "empty"
//# object: b.o
        .text
caller: .quad setup
        .section .init.text, "ax"
        .globl setup
setup:  ret
//# object: c.o
        .section .note.GNU-stack, "", @progbits
