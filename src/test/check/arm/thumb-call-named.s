// Thumb branches to named functions need no address. The caller's own value is odd, so its first instruction is before it.
//# machine: arm
//# expect-6.1: (unknown) (section: .text) -> global (section: .init.text)
//# expect-6.1: caller (section: .text) -> global (section: .init.text)
//# expect-6.1: caller (section: .text) -> global (section: .init.text)
//# expect-6.12: caller+0xffffffff (section: .text) -> global (section: .init.text)
//# expect-6.12: caller+0x3 (section: .text) -> global (section: .init.text)
//# expect-6.12: caller+0x7 (section: .text) -> global (section: .init.text)
        .syntax unified
        .arch armv7-a
        .thumb
        .text
        .type caller, %function
        .thumb_func
caller: bl global
        b.w global
        bne.w global
        .section .init.text, "ax"
        .globl global
        .thumb_func
global: bx lr
