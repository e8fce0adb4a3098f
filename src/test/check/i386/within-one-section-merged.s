// The linker adjusts the word when it puts sections together.
//# machine: i386
//# expect: pointer+0x0 (section: .data) -> mine (section: .init.data)
        .section .init.data, "aw"
other:  .zero 100
//# object: b.o
        .data
pointer: .long mine
        .section .init.data, "aw"
        .zero 40
mine:   .zero 40
