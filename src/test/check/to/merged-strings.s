// Strings that the linker may put together: the merge of -r keeps them where their names are.
//# expect: caller+0x0 (section: .text) -> text (section: .init.rodata.str)
        .text
caller: .quad text
        .section .init.rodata.str, "aMS", @progbits, 1
first:  .asciz "a string of which another object has a copy"
text:   .asciz "a string of its own"
