// i386 has its addends in the section too: a word, or a word that counts from behind itself.
//# machine: i386
//# expect: pointer+0x0 (section: .data) -> second (section: .init.data)
//# expect: caller+0x1 (section: .text) -> last (section: .init.text)
        .data
pointer: .long second
        .text
caller: call last
        .section .init.data, "aw"
        .zero 64
second: .zero 8
        .section .init.text, "ax"
first:  .zero 64
last:   ret
