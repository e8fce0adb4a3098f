// The table's entry and the code it names are in two objects.
//# expect-6.1: vmlinux.o(__ex_table+0x0): Section mismatch in reference from the (unknown reference) (unknown) to the variable .data:value
//# expect-6.12: reference: 0x0 (section: __ex_table) -> value (section: .data)
//# expect: ERROR: modpost: __ex_table+0x0 references non-executable section '.data'
//# status: 1
        .section __ex_table, "a"
        .long value - .
//# object: b.o
        .data
        .globl value
value:  .quad 0
