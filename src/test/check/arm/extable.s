// The exception table of arm has plain addresses.
//# machine: arm
//# expect-6.1: vmlinux.o(__ex_table+0x4): Section mismatch in reference from the (unknown reference) (unknown) to the variable .data:value
//# expect-6.12: reference: 0x4 (section: __ex_table) -> value (section: .data)
//# expect: ERROR: modpost: __ex_table+0x4 references non-executable section '.data'
//# status: 1
        .syntax unified
        .arm
        .text
        .globl good
good:   nop
        .data
value:  .word 0
        .section __ex_table, "a"
        .word good, value
