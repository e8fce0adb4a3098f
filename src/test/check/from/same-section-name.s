// Two sections of one name in one object: 6.1 searches both, by their own offsets.
//# expect-6.1: second (section: .text.x) -> setup (section: .init.text)
//# expect-6.12: first+0x10 (section: .text.x) -> setup (section: .init.text)
//# differs-6.1: second is in another section
//# klink-6.1: first (section: .text.x) -> setup (section: .init.text)
        .section .text.x, "axG", @progbits, one, comdat
first:  .zero 16
        .quad setup
        .section .text.x, "axG", @progbits, two, comdat
        .quad 0
second: .quad 0
        .section .init.text, "ax"
        .globl setup
setup:  ret
