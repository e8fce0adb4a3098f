// The nearer of two, on either side.
//# expect: caller+0x0 (section: .text) -> below (section: .init.data)
//# expect: caller+0x8 (section: .text) -> above (section: .init.data)
        .text
caller: .quad .init.data + 9
        .quad .init.data + 11
        .section .init.data, "aw"
below:  .zero 20
above:  .zero 20
