// Constants freed after boot are init sections as well.
//# expect: caller+0x3 (section: .text) -> table (section: .init.rodata)
        .text
        .globl caller
caller: mov $table, %rax
        .section .init.rodata, "a"
        .globl table
table:  .quad 1
