// A call of the first function of a section.
//# machine: arm
//# expect: caller+0x0 (section: .text) -> first (section: .init.text)
        .syntax unified
        .arm
        .text
caller: bl first
        .section .init.text, "ax"
first:  bx lr
        .space 64
second: bx lr
