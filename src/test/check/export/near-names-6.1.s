// 6.1 goes by the section's name alone: what is not ___ksymtab is no export, what begins like it is.
//# kernel: 6.1
//# expect: EXPORT_SYMBOL used for init/exit symbol: setup (section: .init.text)
        .section ___ksymtab, "a"
        .quad setup
        .section __ksymtab, "a"
        .quad setup
        .section ___kcrctab+setup, "a"
        .quad setup
        .section .init.text, "ax"
        .globl setup
setup:  ret
