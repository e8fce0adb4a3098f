// Only marks on both sides.
//# machine: arm
//# expect-6.1: (unknown) (section: .text) -> (unknown) (section: .init.text)
//# expect-6.12: reference: 0x4 (section: .text) -> 0x8 (section: .init.text)
        .syntax unified
        .arm
        .text
        nop
        .word .init.text + 8
        .section .init.text, "ax"
        nop
        nop
        nop
