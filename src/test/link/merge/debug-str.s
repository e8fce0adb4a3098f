//# compare: ld
        .globl _start
_start: ret
        .section .debug_str, "MS", @progbits, 1
.S0:    .asciz "unsigned int"
.S1:    .asciz "int"
        .section .debug_info
        .long .S0, .S1
//# object: b.o
        .section .debug_str, "MS", @progbits, 1
.S0:    .asciz "int"
.S1:    .asciz "long int"
        .section .debug_info
        .long .S0, .S1
