// Another table of addresses is not the exception table.
//# expect: none
        .data
value:  .quad 0
        .section __ex_table_x, "a"
        .long value - .
        .section .ex_table, "a"
        .long value - .
