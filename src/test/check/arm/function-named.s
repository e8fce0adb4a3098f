// A function (not a mere label) is named by the relocation, as its mode matters to the linker.
//# machine: arm
//# expect: caller+0x0 (section: .text) -> second (section: .init.text)
        .syntax unified
        .arm
        .text
        .type caller, %function
caller: bl second
        .section .init.text, "ax"
        .space 64
        .type second, %function
second: bx lr
