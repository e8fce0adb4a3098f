// 19 bytes off is near enough for both versions, from either side.
//# expect: caller+0x0 (section: .text) -> sym (section: .init.data)
//# expect: caller+0x8 (section: .text) -> sym (section: .init.data)
        .text
caller: .quad .init.data + 119
        .quad .init.data + 81
        .section .init.data, "aw"
        .zero 100
sym:    .zero 100
