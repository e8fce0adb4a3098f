// A label at the end of one object and a symbol at the start of the next are at one address in the merged file.
//# expect-6.1: caller (section: .text) -> setup (section: .init.text)
//# expect-6.12: ending+0x0 (section: .text) -> setup (section: .init.text)
//# differs-6.12: ending is a label of another object, which stands at its end
//# klink-6.12: caller+0x0 (section: .text) -> setup (section: .init.text)
        .text
start:  .zero 16
ending:
//# object: b.o
        .text
caller: .quad setup
        .section .init.text, "ax"
        .globl setup
setup:  ret
