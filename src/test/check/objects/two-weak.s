// Of two weak definitions the first counts.
//# expect: caller+0x0 (section: .text) -> setup (section: .init.text)
        .text
        .globl caller
caller: .quad setup, other
        .section .init.text, "ax"
        .weak setup
setup:  ret
        .text
        .weak other
other:  ret
//# object: b.o
        .text
        .weak setup
setup:  ret
        .section .init.text, "ax"
        .weak other
other:  ret
