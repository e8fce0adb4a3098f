// The same for data that is freed, also through a section symbol.
//# expect: caller+0x3 (section: .text) -> table (section: .init.data)
        .text
        .globl caller
caller: mov $table, %rax
        .section .init.data, "aw"
table:  .quad 1
