// The list of the kernel lacks suspend_late; and only .init counts, neither .exit nor .meminit.
//# expect: none
        .section .pci_fixup_suspend_late, "a"
        .quad setup
        .section .pci_fixup_early, "a"
        .quad bye, later
        .section .init.text, "ax"
        .globl setup
setup:  ret
        .section .exit.text, "ax"
        .globl bye
bye:    ret
        .section .meminit.text, "ax"
        .globl later
later:  ret
