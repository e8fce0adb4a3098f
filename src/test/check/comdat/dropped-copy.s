// Two objects have the same inline function: the second copy is dropped, and what it refers to is not used.
//# expect: inline_one+0x1 (section: .text.inline_one) -> setup (section: .init.text)
        .section .text.inline_one, "axG", @progbits, inline_one, comdat
        .weak inline_one
inline_one: call setup
        ret
//# object: b.o
        .section .text.inline_one, "axG", @progbits, inline_one, comdat
        .weak inline_one
inline_one: call setup
        call setup
        ret
//# object: c.o
        .section .init.text, "ax"
        .globl setup
setup:  ret
