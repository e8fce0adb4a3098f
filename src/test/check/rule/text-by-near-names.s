// Sections whose names only begin like those of the rules.
//# expect: none
        .macro f section
        .section \section, "ax"
        .quad setup
        .endm
        f .textual
        f .text_more
        f .sched.text.more
        f .cpuidle.texts
        f .altinstr_replacement
        f .static_call.text
        f text
        .section .init.text, "ax"
        .globl setup
setup:  ret
