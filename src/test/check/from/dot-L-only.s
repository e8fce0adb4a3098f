// Only a name that the compiler made: excused by 6.1, without a name to 6.12.
//# object: a.o --keep-locals
//# expect-6.1: none
//# expect-6.12: reference: 0x0 (section: .data) -> setup (section: .init.text)
        .data
.LANCHOR0: .quad setup
        .section .init.text, "ax"
        .globl setup
setup:  ret
