//# machine: arm
//# compare: ld
//# expect-error: relocation out of range: R_ARM_LDR_PC_G0 against edge
//# expect-error: at a.o:(.text+0x0)
//# object: a.o
# One past what fits.
        .syntax unified
        .arch armv7-a
        .globl _start
_start: ldr r0, [pc, #:pc_g0:(edge - 8)]
//# object: b.o
        .globl edge
        .set edge, 0x401010
