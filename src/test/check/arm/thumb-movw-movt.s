// The same halves in Thumb's encoding.
//# machine: arm
//# expect-6.1: none
//# expect-6.12: caller+0x0 (section: .text) -> second (section: .init.data)
//# expect-6.12: caller+0x4 (section: .text) -> second (section: .init.data)
        .syntax unified
        .arch armv7-a
        .thumb
        .text
caller: movw r0, #:lower16:second
        movt r0, #:upper16:second
        .section .init.data, "aw"
        .space 64
second: .space 64
