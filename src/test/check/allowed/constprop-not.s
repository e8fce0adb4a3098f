// The excuse is for text that refers to init, not for data, nor for exit code.
//# expect: f.constprop.0+0x0 (section: .text) -> bye (section: .exit.text)
//# expect: d.constprop.0+0x0 (section: .data) -> setup (section: .init.text)
        .text
f.constprop.0: .quad bye
        .data
d.constprop.0: .quad setup
        .section .init.text, "ax"
        .globl setup
setup:  ret
        .section .exit.text, "ax"
        .globl bye
bye:    ret
