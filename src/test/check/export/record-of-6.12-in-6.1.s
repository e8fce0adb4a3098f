// To 6.1 the section of these records is one like any other.
//# kernel: 6.1
//# expect: none
        .section .export_symbol, "a"
__export_symbol_setup: .asciz ""
        .asciz ""
        .balign 8
        .quad setup
        .section .init.text, "ax"
        .globl setup
setup:  ret
