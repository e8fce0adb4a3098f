// Near a place with several names: the first in the table, seen from above as from below.
//# expect: caller+0x0 (section: .text) -> one (section: .init.data)
//# expect: caller+0x8 (section: .text) -> one (section: .init.data)
        .text
caller: .quad .init.data + 62
        .quad .init.data + 66
        .section .init.data, "aw"
        .zero 64
        .globl three
three:
one:
two:    .zero 64
