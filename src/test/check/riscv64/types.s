// Calls, pairs of instructions for an address, and the labels that those pairs need: 6.1 takes these for names, as it
// does the mark of the instruction set.
//# machine: riscv64
//# expect-6.1: (section: .text) -> setup (section: .init.text)
//# expect-6.12: caller+0x0 (section: .text) -> setup (section: .init.text)
//# expect-6.12: caller+0x8 (section: .text) -> table (section: .init.data)
//# expect: pointer+0x0 (section: .data) -> setup (section: .init.text)
        .option norelax
        .text
caller: call setup
        la a0, table
        .data
pointer: .quad setup
        .section .init.text, "ax"
        .globl setup
setup:  ret
        .section .init.data, "aw"
        .zero 64
        .globl table
table:  .quad 0
