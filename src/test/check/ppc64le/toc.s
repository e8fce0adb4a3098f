// Entries of the table of contents are made by the compiler for every address: nothing is checked there.
//# machine: ppc64le
//# expect: none
        .section .toc, "aw"
        .quad setup
        .section .got, "aw"
        .quad setup
        .section .init.text, "ax"
        .globl setup
setup:  blr
