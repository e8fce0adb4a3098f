// Text that may refer to anything, by name: it stays, but its references are its own business.
//# expect: none
        .macro f section
        .section \section, "ax"
        .quad setup
        .endm
        f .ref.text
        f .head.text
        f .head.text.more
        f .spinlock.text
        f .fixup
        f .entry.text
        f .exception.text
        f .coldtext
        f .softirqentry.text
        f .irqentry.text
        .section .init.text, "ax"
        .globl setup
setup:  ret
