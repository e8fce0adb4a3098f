// Marks of the assembler, of the kinds that both versions know, are not names.
//# expect: caller+0x8 (section: .text) -> setup (section: .init.text)
//# expect: caller+0x10 (section: .text) -> setup (section: .init.text)
//# expect: caller+0x18 (section: .text) -> setup (section: .init.text)
//# expect: caller+0x20 (section: .text) -> setup (section: .init.text)
        .text
caller: .quad 0
"$a":   .quad setup
"$d.x": .quad setup
"$t":   .quad setup
"$x.rest": .quad setup
        .section .init.text, "ax"
        .globl setup
setup:  ret
