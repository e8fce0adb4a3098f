// 6.12: a record that does not export what it says, exports a local symbol, or has another licence than the two.
//# kernel: 6.12
//# options: -M
//# expect: ERROR: modpost: vmlinux: .export_symbol section references 'other', but it does not seem to be an export symbol
//# expect: ERROR: modpost: vmlinux: local symbol 'mine' was exported
//# expect: ERROR: modpost: vmlinux: unknown license 'MIT' was specified for 'free'
//# status: 1
        .macro export name, license, target
        .section .export_symbol, "a"
__export_symbol_\name:
        .asciz "\license"
        .asciz ""
        .balign 8
        .quad \target
        .endm
        export this, "", other
        export mine, "GPL", mine
        export free, "MIT", free
        .text
        .globl this, other, free
this:   ret
other:  ret
mine:   ret
free:   ret
