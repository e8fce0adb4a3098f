// Every section that counts as text which stays, to what is dropped.
//# expect: f0+0x0 (section: .text.anything) -> bye
//# expect: f3+0x0 (section: .sched.text) -> bye
//# expect: f4+0x0 (section: .kprobes.text) -> bye
//# expect: f5+0x0 (section: .cpuidle.text) -> bye
//# expect: f6+0x0 (section: .noinstr.text) -> bye
//# expect: f7+0x0 (section: .ltext) -> bye
//# expect: f8+0x0 (section: .ltext.more) -> bye
        .macro f name, section
        .section \section, "ax"
\name:  .quad bye
        .endm
        f f0, .text.anything
        f f3, .sched.text
        f f4, .kprobes.text
        f f5, .cpuidle.text
        f f6, .noinstr.text
        f f7, .ltext
        f f8, .ltext.more
        .section .exit.text, "ax"
        .globl bye
bye:    ret
