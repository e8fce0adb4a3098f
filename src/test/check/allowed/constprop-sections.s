// GCC's specialised copies may be in any text.
//# expect: plain+0x0 (section: .ltext) -> setup (section: .init.text)
        .macro f name, section
        .section \section, "ax"
\name:  .quad setup
        .endm
        f a.constprop.0, .text.anything
        f b.constprop.0, .sched.text
        f c.constprop.0, .kprobes.text
        f d.constprop.0, .cpuidle.text
        f e.constprop.0, .noinstr.text
        f g.constprop.0, .ltext.more
        f h.constprop.0, .ltext
        f plain, .ltext
        .section .init.text, "ax"
        .globl setup
setup:  ret
