// Another object's last symbol is as near as the one that is meant, or nearer.
//# expect-6.1: caller (section: .text) -> tail (section: .init.data)
//# expect-6.12: caller+0x0 (section: .text) -> tail (section: .init.data)
//# differs: tail is of another object
//# klink-6.1: caller (section: .text) -> (unknown) (section: .init.data)
//# klink-6.12: caller+0x0 (section: .text) -> 0x28 (section: .init.data)
        .section .init.data, "aw"
head:   .zero 32
tail:   .zero 8
//# object: b.o
        .text
caller: .quad .init.data
        .section .init.data, "aw"
        .zero 64
