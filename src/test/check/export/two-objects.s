// The export stands in one object, what it exports in another.
//# options-6.12: -M
//# expect-6.1: EXPORT_SYMBOL used for init/exit symbol: setup (section: .init.text)
//# expect-6.12: setup: EXPORT_SYMBOL used for init symbol
        .section ___ksymtab+setup, "a"
        .globl __ksymtab_setup
__ksymtab_setup: .long setup - .
        .section .export_symbol, "a"
__export_symbol_setup: .asciz ""
        .asciz ""
        .balign 8
        .quad setup
//# object: b.o
        .section .init.text, "ax"
        .globl setup
setup:  ret
