// 6.1 excuses what the compiler named itself; 6.12 does not see such names, and blames the symbol before.
//# object: a.o --keep-locals
//# expect-6.1: none
//# expect-6.12: caller+0x8 (section: .text) -> setup (section: .init.text)
//# expect-6.12: pointer+0x8 (section: .data) -> setup (section: .init.text)
        .text
caller: .quad 0
.Lhere: .quad setup
        .data
pointer: .quad 0
.LANCHOR1: .quad setup
        .section .init.text, "ax"
        .globl setup
setup:  ret
