// What is not defined in the kernel is not in any section: strong, weak, and from every kind of place.
//# expect: none
        .weak maybe
        .text
caller: .quad nowhere, maybe
        .data
pointer: .quad nowhere, maybe
        .section .init.text, "ax"
setup:  .quad nowhere, maybe
        .section __ex_table, "a"
        .long nowhere - ., maybe - .
