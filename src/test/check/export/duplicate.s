// One name exported by two objects, which the linker would let pass if one is weak.
//# options-6.12: -M
//# expect: exported twice. Previous export was in vmlinux
//# status: 1
        .section ___ksymtab+this, "a"
__ksymtab_this: .long this - .
        .section .export_symbol, "a"
__export_symbol_this: .asciz ""
        .asciz ""
        .balign 8
        .quad this
        .text
        .globl this
this:   ret
//# object: b.o
        .section ___ksymtab+this, "a"
__ksymtab_this: .long this - .
        .section .export_symbol, "a"
__export_symbol_this: .asciz ""
        .asciz ""
        .balign 8
        .quad this
