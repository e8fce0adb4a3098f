//# compare: ld
//# expect-symbol: __start_my_table section=my_table
//# expect-symbol: __stop_my_table section=my_table
# __start_NAME and __stop_NAME bound an orphan whose name is a C identifier.
        .globl _start
_start: lea __start_my_table(%rip), %rsi
        lea __stop_my_table(%rip), %rdi
        .section my_table, "a"
        .quad 1, 2, 3
