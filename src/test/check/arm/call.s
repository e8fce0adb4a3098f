// Branches: the offset counts words, from two instructions on.
//# machine: arm
//# expect: caller+0x0 (section: .text) -> second (section: .init.text)
//# expect: caller+0x4 (section: .text) -> second (section: .init.text)
//# expect: caller+0x8 (section: .text) -> global (section: .init.text)
        .syntax unified
        .arm
        .text
caller: bl second
        b second
        bl global
        .section .init.text, "ax"
        .space 64
second: bx lr
        .space 64
        .globl global
global: bx lr
