// A half-word addend that has all of its bits: imm4, i, imm3 and imm8 stand apart, and the sign counts.
//# machine: arm
//# expect-6.1: none
//# expect-6.12: caller+0x0 (section: .text) -> far (section: .init.data)
//# expect-6.12: caller+0x4 (section: .text) -> near (section: .init.data)
//# expect-6.12: caller+0x8 (section: .text) -> 0xffffff00 (section: .init.data)
        .syntax unified
        .arch armv7-a
        .thumb
        .text
caller: movw r0, #:lower16:.init.data + 0x7a35
        movw r0, #:lower16:.init.data + 0x0800
        movw r0, #:lower16:.init.data - 0x100
        .section .init.data, "aw"
        .space 0x800
near:   .space 0x7235
far:    .space 0x3000
