//# machine: aarch64
//# compare: ld
# Data distances to a weak symbol that nothing defines.
        .globl _start
        .weak nowhere
_start: ret
        .data
        .quad nowhere - .
        .word nowhere - .
        .hword nowhere + 4 - .
