// 6.12 excuses a bound of init memory also in an exception table; 6.1 has no excuses there.
//# expect-6.1: Section mismatch in reference from the (unknown reference) (unknown) to the variable .init.data:__init_begin
//# expect-6.1: ERROR: modpost: __ex_table+0x0 references non-executable section '.init.data'
//# status-6.1: 1
//# expect-6.12: none
        .section .init.data, "aw"
        .globl __init_begin
__init_begin: .quad 0
        .section __ex_table, "a"
        .long __init_begin - .
