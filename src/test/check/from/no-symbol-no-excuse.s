// Without a name the place has no excuse, nor one from another section.
//# expect-6.1: (unknown) (section: .data) -> setup (section: .init.text)
//# expect-6.12: reference: 0x0 (section: .data) -> setup (section: .init.text)
        .data
        .quad setup
        .section .data.rel, "aw"
my_ops: .quad setup
        .section .init.text, "ax"
        .globl setup
setup:  ret
