// 6.1 takes the address of the instruction in its own memory for the addend: no symbol is there.
//# machine: arm
//# kernel: 6.1
//# expect: caller (section: .text) -> (unknown) (section: .init.text)
//# differs: klink decodes the branch, and names what is branched to
//# klink: caller (section: .text) -> second (section: .init.text)
        .syntax unified
        .arch armv7-a
        .thumb
        .text
caller: bl .init.text + 0x1000
        .section .init.text, "ax"
        .thumb
        .space 0x1000
second: bx lr
