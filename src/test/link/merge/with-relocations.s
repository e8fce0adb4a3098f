//# compare: ld
# A mergeable section with relocations stays as it is.
        .globl _start
_start: ret
        .section .rodata.cst8, "aM", @progbits, 8
.C0:    .quad _start
.C1:    .quad 2
.C2:    .quad 2
        .data
        .quad .C0, .C1, .C2
