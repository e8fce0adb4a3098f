// And that address does not move when the linker puts sections together.
//# machine: i386
//# expect-6.1: pointer (section: .data) -> (unknown) (section: .init.data)
//# expect-6.12: pointer+0x0 (section: .data) -> 0xffffffff (section: .init.data)
        .section .init.data, "aw"
        .zero 100
//# object: b.o
        .data
pointer: .short second
        .section .init.data, "aw"
        .zero 64
second: .zero 64
