// Several names at the exact place: the first in the table.
//# expect: caller+0x0 (section: .text) -> local_a (section: .init.data)
        .text
caller: .quad .init.data + 64
        .section .init.data, "aw"
        .zero 64
        .globl global
global:
local_a:
local_b: .zero 64
