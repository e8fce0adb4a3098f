// A local target is a section and an offset: the name is looked up.
//# expect: caller+0x0 (section: .text) -> second (section: .init.data)
        .text
caller: .quad second
        .section .init.data, "aw"
first:  .zero 64
second: .zero 64
