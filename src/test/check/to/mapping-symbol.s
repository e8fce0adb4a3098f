// Marks of the assembler are passed over in the search.
//# expect: caller+0x0 (section: .text) -> name (section: .init.data)
        .text
caller: .quad .init.data + 32
        .section .init.data, "aw"
        .zero 32
"$d":
"$d.1": .zero 8
name:   .zero 8
