// The value of a Thumb function is odd, its place even: 6.12 knows, but not where it prints the offset; to 6.1 the place lies before it.
//# machine: arm
//# expect-6.1: other (section: .text) -> setup (section: .init.text)
//# expect-6.12: caller+0xffffffff (section: .text) -> setup (section: .init.text)
        .syntax unified
        .arch armv7-a
        .thumb
        .text
        .type other, %function
        .thumb_func
other:  bx lr
        nop
        .type caller, %function
        .thumb_func
caller: .word setup
        .section .init.text, "ax"
        .globl setup
setup:  .space 4
