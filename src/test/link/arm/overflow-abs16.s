//# machine: arm
//# compare: ld
//# expect-error: relocation out of range: R_ARM_ABS16 against edge
//# expect-error: at a.o:(.text+0x0)
//# object: a.o
# One past what fits.
        .syntax unified
        .arch armv7-a
        .globl _start
_start: .hword edge
//# object: b.o
        .globl edge
        .set edge, 0x10000
