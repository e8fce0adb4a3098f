// The two halves of an address: 6.12 decodes both, and takes the upper half for an addend like the lower.
//# machine: arm
//# expect-6.1: none
//# expect-6.12: caller+0x0 (section: .text) -> second (section: .init.data)
//# expect-6.12: caller+0x4 (section: .text) -> second (section: .init.data)
//# expect-6.12: caller+0x8 (section: .text) -> global (section: .init.data)
//# expect-6.12: caller+0xc (section: .text) -> global (section: .init.data)
        .syntax unified
        .arch armv7-a
        .arm
        .text
caller: movw r0, #:lower16:second
        movt r0, #:upper16:second
        movw r0, #:lower16:global
        movt r0, #:upper16:global
        .section .init.data, "aw"
        .space 64
second: .space 64
        .globl global
global: .space 64
