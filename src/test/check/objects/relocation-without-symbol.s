// A relocation may name no symbol at all.
//# expect: none
        .text
caller: .long 0
        .reloc caller, R_X86_64_NONE
        .quad 0
        .reloc . - 8, R_X86_64_64, 0x1234
