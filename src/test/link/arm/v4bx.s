//# machine: arm
//# compare: ld
//# object: a.o --fix-v4bx
//# options: --fix-v4bx
# A processor that has no `bx`: GNU ld and klink write `mov pc`.
        .arch armv4
        .globl _start
_start: bx lr
        bxeq r3
