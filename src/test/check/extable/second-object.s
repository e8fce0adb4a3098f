// The offset that is named is that of the merged table.
//# expect-6.1: vmlinux.o(__ex_table+0x8): Section mismatch in reference from the (unknown reference) (unknown) to the function .my.text:f()
//# expect-6.12: reference: 0x8 (section: __ex_table) -> f (section: .my.text)
//# expect-6.12: The relocation at __ex_table+0x8 references
        .text
good:   nop
        .section __ex_table, "a"
        .long good - ., good - .
//# object: b.o
        .section .my.text, "ax"
        .globl f
        .type f, @function
f:      nop
        .section __ex_table, "a"
        .long f - .
