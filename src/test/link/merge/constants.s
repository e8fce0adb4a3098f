//# compare: ld
        .globl _start
_start: ret
        .section .rodata.cst8, "aM", @progbits, 8
.C0:    .quad 1
.C1:    .quad 2
        .section .rodata.cst16, "aM", @progbits, 16
        .balign 16
.C2:    .quad 1, 2
        .data
        .quad .C0, .C1, .C2
//# object: b.o
        .section .rodata.cst8, "aM", @progbits, 8
.C0:    .quad 2
.C1:    .quad 3
        .section .rodata.cst16, "aM", @progbits, 16
        .balign 16
.C2:    .quad 1, 2
.C3:    .quad 2, 1
        .data
        .quad .C0, .C1, .C2, .C3
