// A place of the exception table may be in any text that the kernel runs.
//# expect: none
        .macro e section
        .section \section, "ax"
        .globl at\@
at\@:   nop
        .section __ex_table, "a"
        .long at\@ - ., at\@ - .
        .endm
        e .init.text
        e .exit.text
        e .text
        e .text.unlikely
        e .text.other
        e .sched.text
        e .kprobes.text
        e .cpuidle.text
        e .noinstr.text
        e .ltext
        e .ltext.more
        e .ref.text
        e .head.text
        e .spinlock.text
        e .fixup
        e .entry.text
        e .exception.text
        e .coldtext
        e .softirqentry.text
        e .irqentry.text
