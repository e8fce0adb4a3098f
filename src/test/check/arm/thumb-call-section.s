// A branch to a place of a section: 6.12 decodes both encodings. 6.1 takes an address of its own memory for the addend.
//# machine: arm
//# kernel: 6.12
//# expect: caller+0x0 (section: .text) -> second (section: .init.text)
//# expect: caller+0x4 (section: .text) -> second (section: .init.text)
//# expect: caller+0x8 (section: .text) -> second (section: .init.text)
        .syntax unified
        .arch armv7-a
        .thumb
        .text
caller: bl .init.text + 0x1000
        b.w .init.text + 0x1000
        bne.w .init.text + 0x1000
        .section .init.text, "ax"
        .thumb
        .space 0x1000
second: bx lr
