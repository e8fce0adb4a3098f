// Groups of other names stay apart, though their sections have one name.
//# expect: one+0x0 (section: .text.inline) -> setup (section: .init.text)
//# expect: two+0x0 (section: .text.inline) -> setup (section: .init.text)
        .section .text.inline, "axG", @progbits, one, comdat
        .weak one
one:    .quad setup
        .zero 32
//# object: b.o
        .section .text.inline, "axG", @progbits, two, comdat
        .weak two
        .zero 64
two:    .quad setup
        .section .init.text, "ax"
        .globl setup
setup:  ret
