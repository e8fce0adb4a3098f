//# compare: ld
        .globl _start
_start: mov %fs:var@tpoff, %eax
        .section .tdata, "awT"
        .globl var
var:    .long 1
