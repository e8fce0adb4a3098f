// 6.1 passes over every type that it cannot decode; this one 6.12 can.
//# machine: arm
//# expect-6.1: none
//# expect-6.12: caller+0x0 (section: .text) -> second (section: .init.data)
        .text
caller: .word second - .
        .section .init.data, "aw"
        .space 64
second: .space 64
