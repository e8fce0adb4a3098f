// The other way: a weak init default is replaced by a function that stays.
//# expect: none
        .text
        .globl caller
caller: call setup
        .section .init.text, "ax"
        .weak setup
setup:  ret
//# object: b.o
        .text
        .globl setup
setup:  ret
