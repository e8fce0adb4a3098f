// The exception table of arm64: relative to itself, 12 bytes an entry.
//# machine: aarch64
//# expect-6.1: vmlinux.o(__ex_table+0xc): Section mismatch in reference from the (unknown reference) (unknown) to the function .my.text:f()
//# expect-6.12: reference: 0xc (section: __ex_table) -> f (section: .my.text)
//# expect-6.12: The relocation at __ex_table+0xc references
        .text
        .globl good
good:   nop
        .section .my.text, "ax"
        .globl f
        .type f, %function
f:      nop
        .section __ex_table, "a"
        .long good - ., good - ., 0
        .long f - ., good - ., 0
