// A group's section that is freed: the first copy's.
//# expect: caller+0x0 (section: .text) -> inline_one (section: .init.text.inline_one)
        .section .init.text.inline_one, "axG", @progbits, inline_one, comdat
        .weak inline_one
inline_one: ret
//# object: b.o
        .section .init.text.inline_one, "axG", @progbits, inline_one, comdat
        .weak inline_one
inline_one: ret
        .text
caller: .quad inline_one
