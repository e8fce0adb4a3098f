//# compare: ld
# Without REX.W GNU ld takes an immediate too where the address fits; lld goes through a table.
        .globl _start
_start: cmp far@GOTPCREL(%rip), %edx
        test %ecx, far@GOTPCREL(%rip)
//# object: b.o
        .globl far
far:    ret
