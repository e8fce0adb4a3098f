// The PC-relative halves neither can decode: 6.1 passes over them, 6.12 reports an address that means nothing.
//# machine: arm
//# expect-6.1: none
//# expect-6.12: caller+0x0 (section: .text) -> 0xffffffff (section: .init.data)
//# expect-6.12: caller+0x4 (section: .text) -> 0xffffffff (section: .init.data)
        .syntax unified
        .arch armv7-a
        .arm
        .text
caller: movw r0, #:lower16:.init.data + 64 - .
        movt r0, #:upper16:.init.data + 64 - .
        .section .init.data, "aw"
        .space 64
second: .space 64
