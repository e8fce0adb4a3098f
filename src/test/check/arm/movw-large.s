// And in ARM's: imm4 and imm12.
//# machine: arm
//# expect-6.1: none
//# expect-6.12: caller+0x0 (section: .text) -> far (section: .init.data)
//# expect-6.12: caller+0x4 (section: .text) -> 0xffffff00 (section: .init.data)
        .syntax unified
        .arch armv7-a
        .arm
        .text
caller: movw r0, #:lower16:.init.data + 0x7a35
        movw r0, #:lower16:.init.data - 0x100
        .section .init.data, "aw"
        .space 0x7a35
far:    .space 0x3000
