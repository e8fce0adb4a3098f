//# machine: aarch64
//# compare: ld ld.lld
# MOVW of a distance: MOVZ or MOVN by its sign for the checked types, bits only for the others.
        .globl _start
_start:
        movz x0, #:prel_g0:near
        movz x0, #:prel_g0:_start
        movn x0, #:prel_g0:near
        movk x0, #:prel_g0_nc:far
        movz x1, #:prel_g1:far
        movn x1, #:prel_g1:below
        movk x1, #:prel_g1_nc:wide
        movz x2, #:prel_g2:wide2
        movz x2, #:prel_g2:below
        movk x2, #:prel_g2_nc:wide
        movz x3, #:prel_g3:wide
near:   ret
//# object: b.o
        .globl far, below, wide, wide2
        .set far, 0x12345678
        .set below, 0x1234
        .set wide, 0x7edcba9876543210
        .set wide2, 0x6edc87654321
