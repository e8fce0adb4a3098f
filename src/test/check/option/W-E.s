// Both.
//# options: -W -E
//# expect: my_driver+0x0 (section: .data) -> bye (section: .exit.text)
//# expect: ERROR: modpost: Section mismatches detected.
//# status: 1
        .data
my_driver: .quad bye
        .section .exit.text, "ax"
        .globl bye
bye:    ret
