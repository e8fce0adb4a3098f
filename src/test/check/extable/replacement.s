// Code of an alternative is copied elsewhere before it runs, so a fault can never be there: modpost gives up at once.
//# expect-6.1: Section mismatch in reference from the (unknown reference) (unknown) to the variable .altinstr_replacement:instead
//# expect-6.1: FATAL: modpost: The relocation at __ex_table+0x0 references
//# expect-6.12: reference: 0x0 (section: __ex_table) -> instead (section: .altinstr_replacement)
//# expect-6.12: ERROR: modpost: The relocation at __ex_table+0x0 references
//# status: 1
        .section .altinstr_replacement, "ax"
        .globl instead
instead: nop
        .section __ex_table, "a"
        .long instead - .
