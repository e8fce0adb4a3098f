// As far from one as from the other: 6.1 takes the first in the table, 6.12 the one below.
//# expect-6.1: caller (section: .text) -> zlocal (section: .init.data)
//# expect-6.12: caller+0x0 (section: .text) -> below (section: .init.data)
        .text
caller: .quad .init.data + 10
        .section .init.data, "aw"
        .globl below
below:  .zero 20
zlocal: .zero 20
