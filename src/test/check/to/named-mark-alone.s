// 6.12: where there is no better name, the mark stays.
//# expect-6.1: caller (section: .text) -> .Lhere (section: .init.data)
//# expect-6.12: caller+0x0 (section: .text) -> .Lhere (section: .init.data)
        .text
caller: .quad .Lhere
        .section .init.data, "aw"
        .globl .Lhere
.Lhere: .zero 8
