// 6.1: names that the compiler made are names here.
//# object: a.o --keep-locals
//# expect-6.1: caller (section: .text) -> .LANCHOR0 (section: .init.data)
//# expect-6.12: caller+0x0 (section: .text) -> name (section: .init.data)
        .text
caller: .quad .init.data
        .section .init.data, "aw"
.LANCHOR0: .zero 8
name:   .zero 8
