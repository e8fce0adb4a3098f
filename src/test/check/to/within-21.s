// 21 bytes are too far for both: 6.12 shows the address.
//# expect-6.1: caller (section: .text) -> (unknown) (section: .init.data)
//# expect-6.1: caller (section: .text) -> (unknown) (section: .init.data)
//# expect-6.12: caller+0x0 (section: .text) -> 0x79 (section: .init.data)
//# expect-6.12: caller+0x8 (section: .text) -> 0x4f (section: .init.data)
        .text
caller: .quad .init.data + 121
        .quad .init.data + 79
        .section .init.data, "aw"
        .zero 100
sym:    .zero 100
