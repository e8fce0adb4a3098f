// Freed data neither: init alone authorises nothing.
//# expect-6.1: Section mismatch in reference from the variable entry to the variable .init.data:value
//# expect-6.12: entry+0x4 (section: __ex_table) -> value (section: .init.data)
//# expect: ERROR: modpost: __ex_table+0x4 references non-executable section '.init.data'
//# status: 1
        .section .init.data, "aw"
        .globl value
value:  .quad 0
        .text
good:   nop
        .section __ex_table, "a"
entry:  .long good - ., value - .
