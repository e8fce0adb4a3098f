//# machine: arm
//# compare: ld
# Floating-point arguments in registers: the file header says so. The architecture is the first that has what both others have.
        .syntax unified
        .arch armv6t2
        .eabi_attribute Tag_ABI_VFP_args, 1
        .globl _start
_start: nop
//# object: b.o
        .syntax unified
        .arch armv6k
        .eabi_attribute Tag_ABI_VFP_args, 1
        nop
