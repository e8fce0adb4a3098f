// A place without a symbol in its object: in the merged file it follows whatever its neighbour ends with.
//# expect-6.1: neighbour (section: .text) -> setup (section: .init.text)
//# expect-6.12: neighbour+0x8 (section: .text) -> setup (section: .init.text)
//# differs: neighbour is of another object, and has nothing to do with the reference
//# klink-6.1: (unknown) (section: .text) -> setup (section: .init.text)
//# klink-6.12: reference: 0x8 (section: .text) -> setup (section: .init.text)
        .text
        .globl neighbour
neighbour: .quad 0
//# object: b.o
        .text
        .quad setup
        .section .init.text, "ax"
        .globl setup
setup:  ret
