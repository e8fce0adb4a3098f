// Named symbols.
//# machine: mipsel
//# expect: caller+0x0 (section: .text) -> setup (section: .init.text)
//# expect: caller+0xc (section: .text) -> table (section: .init.data)
//# expect-6.12: caller+0x8 (section: .text) -> table (section: .init.data)
        .set noreorder
        .set noat
        .text
caller: jal setup
        nop
        lui $2, %hi(table)
        addiu $2, $2, %lo(table)
        .section .init.data, "aw"
        .globl table
table:  .word 0
        .section .init.text, "ax"
        .globl setup
setup:  nop
