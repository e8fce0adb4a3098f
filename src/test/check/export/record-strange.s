// 6.12: a reference in the section under another label.
//# kernel: 6.12
//# options: -M
//# expect: ERROR: modpost: vmlinux: .export_symbol section contains strange symbol 'label'
//# status: 1
        .section .export_symbol, "a"
label:  .asciz ""
        .asciz ""
        .balign 8
        .quad this
        .text
        .globl this
this:   ret
