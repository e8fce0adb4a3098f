// Global names of one place: GNU ld puts globals into the merged table in an order of its own.
//# expect-6.1: first (section: .text) -> setup (section: .init.text)
//# expect-6.12: second+0x0 (section: .text) -> setup (section: .init.text)
//# differs: klink goes by the order in the object; both are names of the place
//# klink-6.1: second (section: .text) -> setup (section: .init.text)
//# klink-6.12: first+0x0 (section: .text) -> setup (section: .init.text)
        .text
        .globl first, second
first:
second: .quad setup
        .section .init.text, "ax"
        .globl setup
setup:  ret
