// The name of another object's symbol may even excuse the reference.
//# expect: none
//# differs: my_ops is of another object
//# klink-6.1: (unknown) (section: .data) -> setup (section: .init.text)
//# klink-6.12: reference: 0x8 (section: .data) -> setup (section: .init.text)
        .data
my_ops: .quad 0
//# object: b.o
        .data
        .quad setup
        .section .init.text, "ax"
        .globl setup
setup:  ret
