// 6.1 takes a named target as it is; 6.12 looks for a better name than a mark.
//# expect-6.1: caller (section: .text) -> $d.x (section: .init.data)
//# expect-6.1: caller (section: .text) -> .Lhere (section: .init.data)
//# expect-6.12: caller+0x0 (section: .text) -> name (section: .init.data)
//# expect-6.12: caller+0x8 (section: .text) -> other (section: .init.data)
        .text
caller: .quad "$d.x", .Lhere
        .section .init.data, "aw"
        .globl "$d.x", .Lhere
"$d.x": .zero 8
name:   .zero 56
.Lhere: .zero 8
other:  .zero 8
