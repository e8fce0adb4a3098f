// The 4 bytes less lead into the object before, if nothing else is nearer.
//# expect: caller+0x1 (section: .text) -> tail (section: .init.text)
//# differs: tail is the end of another object; what is called is first
//# klink-6.1: caller (section: .text) -> first (section: .init.text)
//# klink-6.12: caller+0x1 (section: .text) -> first (section: .init.text)
        .section .init.text, "ax"
head:   .zero 28
tail:   .zero 4
//# object: b.o
        .text
caller: call first
        .section .init.text, "ax"
first:  ret
