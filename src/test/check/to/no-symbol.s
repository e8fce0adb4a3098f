// A section without names.
//# expect-6.1: caller (section: .text) -> (unknown) (section: .init.data)
//# expect-6.12: caller+0x0 (section: .text) -> 0x8 (section: .init.data)
        .text
caller: .quad .init.data + 8
        .section .init.data, "aw"
        .zero 64
