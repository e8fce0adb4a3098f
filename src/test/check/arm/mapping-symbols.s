// The assembler's own marks stand first at each place; names come after them.
//# machine: arm
//# expect: caller+0x4 (section: .text) -> freed (section: .init.data)
        .syntax unified
        .arm
        .text
caller: bx lr
        .word freed
        .section .init.data, "aw"
freed:  .word 1
