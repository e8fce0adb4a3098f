// Data cannot be where the processor faulted, nor where it goes on: an error.
//# expect-6.1: Section mismatch in reference from the (unknown reference) (unknown) to the variable .data:value
//# expect-6.12: reference: 0x0 (section: __ex_table) -> value (section: .data)
//# expect: ERROR: modpost: __ex_table+0x0 references non-executable section '.data'
//# status: 1
        .data
        .globl value
value:  .quad 0
        .section __ex_table, "a"
        .long value - .
