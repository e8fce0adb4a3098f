// The copy that stays has no reference; that of the dropped one does not count.
//# expect: none
        .section .text.inline_one, "axG", @progbits, inline_one, comdat
        .weak inline_one
inline_one: ret
//# object: b.o
        .section .text.inline_one, "axG", @progbits, inline_one, comdat
        .weak inline_one
inline_one: call setup
        ret
        .section .init.text, "ax"
        .globl setup
setup:  ret
