// Exit code counts as text in this excuse.
//# expect: none
        .section .exit.text, "ax"
f.constprop.0: .quad setup
        .section .init.text, "ax"
        .globl setup
setup:  ret
