// Among local names it is the order in the source.
//# expect-6.1: last (section: .data) -> setup (section: .init.text)
//# expect-6.12: first+0x0 (section: .data) -> setup (section: .init.text)
        .data
first:
middle:
last:   .quad setup
        .section .init.text, "ax"
        .globl setup
setup:  ret
