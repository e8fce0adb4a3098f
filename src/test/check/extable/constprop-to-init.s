// 6.12 asks its excuses here too: a symbol in the table whose name is that of a specialised function is none in text.
//# expect-6.1: Section mismatch in reference from the variable f.constprop.0 to the variable .init.data:value
//# expect-6.12: f.constprop.0+0x0 (section: __ex_table) -> value (section: .init.data)
//# expect: ERROR: modpost: __ex_table+0x0 references non-executable section '.init.data'
//# status: 1
        .section .init.data, "aw"
        .globl value
value:  .quad 0
        .section __ex_table, "a"
f.constprop.0: .long value - .
