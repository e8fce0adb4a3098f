// The assembler's marks $x and $d are no names.
//# machine: aarch64
//# expect-6.1: (unknown) (section: .text) -> (unknown) (section: .init.data)
//# expect-6.12: reference: 0x8 (section: .text) -> 0x8 (section: .init.data)
//# expect: caller+0x8 (section: .noinstr.text) -> table (section: .init.rodata)
        .text
        nop
        nop
        .quad .init.data + 8
        .section .init.data, "aw"
        .quad 0, 0
        .section .noinstr.text, "ax"
caller: nop
        nop
        .quad table
        .section .init.rodata, "a"
table:  .quad 0
