//# options: -S
//# compare: ld
//# expect-section: .debug_info absent
        .globl _start
_start: ret
local:  ret
        .section .debug_info
        .quad 1
