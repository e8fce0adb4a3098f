// It counts for -E.
//# options: -E
//# expect-6.1: Section mismatch in reference from the variable entry to the (unknown reference) .my.text:(unknown)
//# expect-6.12: entry+0x0 (section: __ex_table) -> 0x40 (section: .my.text)
//# expect-6.12: The relocation at __ex_table+0x0 references
//# expect: ERROR: modpost: Section mismatches detected.
//# status: 1
        .section .my.text, "ax"
        .zero 100
        .section __ex_table, "a"
entry:  .quad .my.text + 64
