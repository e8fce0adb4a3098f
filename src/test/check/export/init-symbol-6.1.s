// 6.1: the export table's entry refers to the symbol, which must be there whenever a module comes.
//# kernel: 6.1
//# expect: vmlinux.o: EXPORT_SYMBOL used for init/exit symbol: setup (section: .init.text)
//# expect: vmlinux.o: EXPORT_SYMBOL used for init/exit symbol: byedata (section: .exit.data)
        .macro export name, section
        .section \section, "a"
        .globl __ksymtab_\name
__ksymtab_\name: .long \name - ., __kstrtab_\name - ., __kstrtabns_\name - .
        .section __ksymtab_strings, "aMS", @progbits, 1
__kstrtab_\name: .asciz "\name"
__kstrtabns_\name: .asciz ""
        .endm
        export setup, ___ksymtab+setup
        export byedata, ___ksymtab_gpl+byedata
        export stay, ___ksymtab+stay
        export later, ___ksymtab+later
        .section .init.text, "ax"
        .globl setup
setup:  ret
        .section .exit.data, "aw"
        .globl byedata
byedata: .quad 0
        .section .meminit.text, "ax"
        .globl later
later:  ret
        .text
        .globl stay
stay:   ret
