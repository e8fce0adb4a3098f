// Several names for one place: 6.1 takes the last in the symbol table, 6.12 the first. Locals come first there.
//# expect-6.1: global (section: .text) -> setup (section: .init.text)
//# expect-6.12: local_a+0x4 (section: .text) -> setup (section: .init.text)
        .text
        .globl global
global:
local_a:
local_b: .long 0
        .quad setup
        .section .init.text, "ax"
        .globl setup
setup:  ret
