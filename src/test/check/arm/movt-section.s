// The upper half of an address in a section: modpost takes it for an offset like the lower half.
//# machine: arm
//# expect-6.1: none
//# expect-6.12: caller+0x0 (section: .text) -> second (section: .init.data)
//# expect-6.12: caller+0x4 (section: .text) -> second (section: .init.data)
        .syntax unified
        .arch armv7-a
        .arm
        .text
caller: movt r0, #:upper16:.init.data + 64
        .thumb
        movt r0, #:upper16:.init.data + 64
        .section .init.data, "aw"
        .space 64
second: .space 64
