// Every section that counts as text which stays.
//# expect: f0+0x0 (section: .text.anything) -> setup
//# expect: f1+0x0 (section: .text.unlikely) -> setup
//# expect: f2+0x0 (section: .text.hot) -> setup
//# expect: f3+0x0 (section: .sched.text) -> setup
//# expect: f4+0x0 (section: .kprobes.text) -> setup
//# expect: f5+0x0 (section: .cpuidle.text) -> setup
//# expect: f6+0x0 (section: .noinstr.text) -> setup
//# expect: f7+0x0 (section: .ltext) -> setup
//# expect: f8+0x0 (section: .ltext.more) -> setup
        .macro f name, section
        .section \section, "ax"
\name:  .quad setup
        .endm
        f f0, .text.anything
        f f1, .text.unlikely
        f f2, .text.hot
        f f3, .sched.text
        f f4, .kprobes.text
        f f5, .cpuidle.text
        f f6, .noinstr.text
        f f7, .ltext
        f f8, .ltext.more
        .section .init.text, "ax"
        .globl setup
setup:  ret
