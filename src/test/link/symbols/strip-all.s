//# options: -s
//# compare: ld
//# expect-symbol: _start absent
        .globl _start
_start: ret
        .section .debug_info
        .quad 1
