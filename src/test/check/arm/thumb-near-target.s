// The same for the symbol that is found near a target.
//# machine: arm
//# expect: caller+0x0 (section: .data) -> second (section: .init.text)
        .syntax unified
        .arch armv7-a
        .thumb
        .data
caller: .word .init.text + 0x11
        .section .init.text, "ax"
        .thumb
        .type first, %function
        .thumb_func
first:  .space 0x10
        .type second, %function
        .thumb_func
second: .space 0x10
