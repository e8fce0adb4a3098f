//# machine: arm
//# audit:
//# compare: ld
# On a processor that has no `nop`.
        .syntax unified
        .arch armv5te
        .globl _start
        .weak nowhere
        .arm
_start: bl nowhere
        bne nowhere
        .thumb
        bl nowhere
