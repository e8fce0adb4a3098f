// The same for a target that has no name of its own in the reference.
//# expect: caller+0x0 (section: .text) -> second (section: .init.data)
//# differs: klink goes by the order in the object; both are names of the place
//# klink: caller+0x0 (section: .text) -> first (section: .init.data)
        .text
caller: .quad .init.data
        .section .init.data, "aw"
        .globl first, second
first:
second: .quad 0
