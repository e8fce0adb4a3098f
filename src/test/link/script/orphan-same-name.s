//# compare: ld
# Orphans of one name from several objects form one section, in file order.
        .globl _start
_start: ret
        .section my_table, "a"
        .quad 1
//# object: b.o
        .section my_table, "a"
        .quad 2
        .section other_table, "a"
        .byte 9
//# object: c.o
        .section my_table, "a"
        .balign 32
        .quad 3
