//# machine: arm
//# compare: ld
# Distances made of several immediates: what `adr_l` and `ldr_l` of a kernel are.
        .syntax unified
        .arch armv7-a
        .globl _start
        .arm
_start: add r0, pc, #:pc_g0_nc:(far - 8)
        add r0, r0, #:pc_g1_nc:(far - 4)
        add r0, r0, #:pc_g2:(far + 0)
        add r1, pc, #:pc_g0_nc:(_start - 8)
        add r2, pc, #:pc_g0_nc:(far - 8)
        add r2, r2, #:pc_g1_nc:(far - 4)
        ldr r2, [r2, #:pc_g2:(far + 0)]
        ldr r3, [pc, #:pc_g0:(close - 8)]
        ldrd r4, r5, [pc, #:pc_g0:(close - 8)]
//# object: b.o
        .syntax unified
        .arch armv7-a
        .globl close
close:  .word 1, 2
        .data
        .zero 0x12344
        .globl far
far:    .word 1
