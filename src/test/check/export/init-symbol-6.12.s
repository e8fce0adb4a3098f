// 6.12: a record in .export_symbol stands for the table's entry; modpost says which word to take away.
//# kernel: 6.12
//# options: -M
//# expect: vmlinux: setup: EXPORT_SYMBOL used for init symbol. Remove __init or EXPORT_SYMBOL.
//# expect: vmlinux: byedata: EXPORT_SYMBOL used for exit symbol. Remove __exit or EXPORT_SYMBOL.
        .macro export name, license=""
        .section .export_symbol, "a"
__export_symbol_\name:
        .asciz "\license"
        .asciz ""
        .balign 8
        .quad \name
        .endm
        export setup
        export byedata, GPL
        export stay
        .section .init.text, "ax"
        .globl setup
setup:  ret
        .section .exit.data, "aw"
        .globl byedata
byedata: .quad 0
        .text
        .globl stay
stay:   ret
