// RISC-V makes each entry of the exception table of an ADD32 and a SUB32: only one of them is looked at.
//# machine: riscv64
//# expect-6.1: to the variable .data:value
//# expect-6.12: entry+0x4 (section: __ex_table) -> value (section: .data)
//# expect: ERROR: modpost: __ex_table+0x4 references non-executable section '.data'
//# status: 1
        .text
good:   nop
        .data
value:  .word 0
        .section __ex_table, "a"
entry:  .word good - ., value - .
