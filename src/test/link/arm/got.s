//# machine: arm
//# expect-error: relocation needs a global offset table: R_ARM_GOT_PREL against data
# A kernel has none, and klink makes none for arm.
        .syntax unified
        .arch armv7-a
        .globl _start, data
        .arm
_start: ldr r0, 1f
        bx lr
1:      .word data(GOT_PREL)
        .data
data:   .word 1
