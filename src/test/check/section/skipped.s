// From sections that are never part of the kernel nothing is checked.
//# expect: none
        .macro s name, flags=""
        .section \name, "\flags", @progbits
        .quad setup
        .endm
        s .debug_info
        s .discard.addressable, aw
        s .stab.xstr
        s .note.x, a
        s .comment
        .section .init.text, "ax"
        .globl setup
setup:  ret
