// A group of code and its data: both of the second copy are dropped, with their references.
//# expect: table_one+0x0 (section: .data) -> setup (section: .init.text)
        .section .text.inline_one, "axG", @progbits, inline_one, comdat
        .weak inline_one
inline_one: ret
        .section .data, "awG", @progbits, inline_one, comdat
table_one: .quad setup
//# object: b.o
        .section .text.inline_one, "axG", @progbits, inline_one, comdat
        .weak inline_one
inline_one: ret
        .section .data, "awG", @progbits, inline_one, comdat
table_two: .quad setup
//# object: c.o
        .section .init.text, "ax"
        .globl setup
setup:  ret
