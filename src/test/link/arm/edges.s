//# machine: arm
//# audit:
//# compare: ld
# The largest that fit.
        .syntax unified
        .arch armv7-a
        .globl _start
_start: .reloc ., R_ARM_PREL31, edge1
        .word 0
        .hword edge2
        .byte edge3
        .balign 4
        add r0, pc, #:pc_g0:(edge4 - 8)
        ldr r0, [pc, #:pc_g0:(edge5 - 8)]
        .thumb
        b.n edge6
        bne.n edge7
//# object: b.o
        .globl edge1, edge2, edge3, edge4, edge5, edge6, edge7
        .set edge1, 0x400000 + 0x3fffffff
        .set edge2, 0xffff
        .set edge3, 0xff
        .set edge4, 0x400008 + 0xff00 + 8
        .set edge5, 0x40000c + 0xfff + 8
        .set edge6, 0x400010 + 2046 + 4
        .set edge7, 0x400012 + 254 + 4
