// 6.12 looks at exports only if the kernel has modules (-M); 6.1 always.
//# expect-6.1: EXPORT_SYMBOL used for init/exit symbol: setup (section: .init.text)
//# expect-6.12: none
//# differs-6.12: klink takes a kernel whose objects have such records to have modules, as <linux/export.h> makes none without
//# klink-6.12: setup: EXPORT_SYMBOL used for init symbol
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
