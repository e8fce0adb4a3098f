// Text of an unknown name: a warning with advice, but no error.
//# expect-6.1: vmlinux.o(__ex_table+0x0): Section mismatch in reference from the (unknown reference) (unknown) to the function .my.text:f()
//# expect-6.1: vmlinux.o(__ex_table+0x4): Section mismatch in reference from the (unknown reference) (unknown) to the variable .my.text:v
//# expect-6.12: reference: 0x0 (section: __ex_table) -> f (section: .my.text)
//# expect-6.12: reference: 0x4 (section: __ex_table) -> v (section: .my.text)
//# expect-6.12: The relocation at __ex_table+0x0 references
//# expect-6.12: The relocation at __ex_table+0x4 references
        .section .my.text, "ax"
        .globl f, v
        .type f, @function
f:      nop
v:      nop
        .section __ex_table, "a"
        .long f - ., v - .
