//# compare: ld
        .globl _start
_start: ret
        .section .rodata.str4.4, "aMS", @progbits, 4
        .balign 4
.L0:    .long 'a', 'b', 'c', 0
.L1:    .long 'b', 'c', 0
        .section .rodata.str2.2, "aMS", @progbits, 2
        .balign 2
.L2:    .short 'x', 0, 'y', 0
        .data
        .quad .L0, .L1, .L2
//# object: b.o
        .section .rodata.str4.4, "aMS", @progbits, 4
        .balign 4
.L0:    .long 'b', 'c', 0
        .section .rodata.str2.2, "aMS", @progbits, 2
        .balign 2
.L2:    .short 'y', 0
        .data
        .quad .L0, .L2
