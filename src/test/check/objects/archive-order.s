// Of a strong and a weak definition the strong one counts, also when it comes first.
//# expect: caller+0x0 (section: .text) -> setup (section: .init.text)
        .section .init.text, "ax"
        .globl setup
setup:  ret
//# object: b.o
        .text
        .weak setup
setup:  ret
caller: .quad setup
