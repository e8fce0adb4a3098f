// MIPS, 32 bits: 6.1 passes over the upper half of an address, 6.12 reports it with an address that means nothing.
//# machine: mipsel
//# expect: caller+0x0 (section: .text) -> last (section: .init.text)
//# expect: caller+0xc (section: .text) -> second (section: .init.data)
//# expect: pointer+0x0 (section: .data) -> second (section: .init.data)
//# expect-6.12: caller+0x8 (section: .text) -> 0xffffffff (section: .init.data)
        .set noreorder
        .set noat
        .text
caller: jal last
        nop
        lui $2, %hi(second)
        addiu $2, $2, %lo(second)
        .data
pointer: .word second
        .section .init.data, "aw"
        .space 64
second: .space 64
        .section .init.text, "ax"
first:  .space 64
last:   nop
