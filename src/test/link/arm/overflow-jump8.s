//# machine: arm
//# compare: ld
//# expect-error: relocation out of range: R_ARM_THM_JUMP8 against edge
//# expect-error: at a.o:(.text+0x0)
//# object: a.o
# One past what fits.
        .syntax unified
        .arch armv7-a
        .globl _start
_start: .thumb
        bne.n edge
//# object: b.o
        .globl edge
        .set edge, 0x400000+256+4
