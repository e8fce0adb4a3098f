// __ref, __refdata and __refconst are how one says that a reference is meant.
//# expect: none
        .section .ref.text, "ax"
code:   call setup
        .section .ref.data, "aw"
data:   .quad setup
        .section .ref.rodata, "a"
const:  .quad setup
        .section .init.text, "ax"
        .globl setup
setup:  ret
