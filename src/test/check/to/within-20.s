// 20 bytes are too far for 6.1, and near enough for 6.12.
//# expect-6.1: caller (section: .text) -> (unknown) (section: .init.data)
//# expect-6.1: caller (section: .text) -> (unknown) (section: .init.data)
//# expect-6.12: caller+0x0 (section: .text) -> sym (section: .init.data)
//# expect-6.12: caller+0x8 (section: .text) -> sym (section: .init.data)
        .text
caller: .quad .init.data + 120
        .quad .init.data + 80
        .section .init.data, "aw"
        .zero 100
sym:    .zero 100
