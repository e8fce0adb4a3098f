// 6.12 does not count exports of init symbols among the mismatches that -E makes errors of; 6.1 does.
//# options-6.1: -E
//# options-6.12: -M -E
//# expect-6.1: EXPORT_SYMBOL used for init/exit symbol: setup (section: .init.text)
//# expect-6.1: ERROR: modpost: Section mismatches detected.
//# status-6.1: 1
//# expect-6.12: setup: EXPORT_SYMBOL used for init symbol
        .section ___ksymtab+setup, "a"
        .globl __ksymtab_setup
__ksymtab_setup: .long setup - .
        .section .export_symbol, "a"
__export_symbol_setup: .asciz ""
        .asciz ""
        .balign 8
        .quad setup
        .section .init.text, "ax"
        .globl setup
setup:  ret
