// Sections that look freed, but are not of the kind that the rules name.
//# expect: none
        .text
caller: .quad t0, t1, t2, t3, t4, t5, t6
        .macro t name, section
        .section \section, "aw"
        .globl \name
\name:  .quad 0
        .endm
        t t0, .initcall4.init
        t t1, .con_initcall.init
        t t2, .exitcall.exit
        t t3, .init
        t t4, .initdata
        t t5, .exit
        t t6, .memexit.text
