// Absolute symbols are numbers.
//# expect: none
        .globl number
number = 0x1000
        .text
caller: .quad number
        .section __ex_table, "a"
        .long number - .
//# object: b.o
        .text
other:  .quad number
