// The export table of arm.
//# machine: arm
//# kernel: 6.1
//# expect: EXPORT_SYMBOL used for init/exit symbol: setup (section: .init.text)
        .section ___ksymtab+setup, "a"
        .globl __ksymtab_setup
__ksymtab_setup: .word setup, 0, 0
        .section .init.text, "ax"
        .globl setup
setup:  .word 0
