// A caller in the object whose copy is dropped calls the copy that stays, which is init code.
//# expect: caller+0x1 (section: .text) -> inline_one (section: .init.text)
        .section .init.text, "axG", @progbits, inline_one, comdat
        .weak inline_one
inline_one: ret
//# object: b.o
        .section .text.inline_one, "axG", @progbits, inline_one, comdat
        .weak inline_one
inline_one: ret
        .text
caller: call inline_one
