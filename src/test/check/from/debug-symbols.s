// The file's own symbol and those of other sections name nothing here.
//# expect-6.1: (unknown) (section: .text) -> setup (section: .init.text)
//# expect-6.12: reference: 0x0 (section: .text) -> setup (section: .init.text)
        .file "case.c"
        number = 0
        .text
        .quad setup
        .section .text.other, "ax"
other:  ret
        .section .init.text, "ax"
        .globl setup
setup:  ret
