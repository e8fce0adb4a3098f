// The reference names one of the aliases: that is the one that is named.
//# expect: caller+0x0 (section: .text) -> alias (section: .init.text)
//# expect: caller+0x8 (section: .text) -> setup (section: .init.text)
        .text
caller: .quad alias, setup
//# object: b.o
        .section .init.text, "ax"
        .globl setup, alias
        .weak alias
        .set alias, setup
setup:  ret
