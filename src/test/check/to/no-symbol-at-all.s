// Neither end has a name.
//# expect-6.1: (unknown) (section: .data) -> (unknown) (section: .init.data)
//# expect-6.12: reference: 0x8 (section: .data) -> 0x10 (section: .init.data)
        .data
        .quad 0, .init.data + 16
        .section .init.data, "aw"
        .zero 64
