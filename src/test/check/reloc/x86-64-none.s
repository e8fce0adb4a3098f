// Even one that computes nothing.
//# expect: caller+0x0 (section: .text) -> setup (section: .init.text)
        .text
caller: .quad 0
        .reloc caller, R_X86_64_NONE, setup
        .section .init.text, "ax"
        .globl setup
setup:  ret
