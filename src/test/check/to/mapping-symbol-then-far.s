// Names of no value do not count, even if nothing else is near.
//# expect-6.1: caller (section: .text) -> (unknown) (section: .init.data)
//# expect-6.12: caller+0x0 (section: .text) -> 0x40 (section: .init.data)
        .text
caller: .quad .init.data + 64
        .section .init.data, "aw"
name:   .zero 64
"$d":   .zero 64
