//# machine: aarch64
//# compare: ld ld.lld
# Every type that a kernel object may have, with a value that shows which bits go where. The addends are not
# multiples of anything, the addresses have no zero digits.
        .globl _start
_start:
        bl far
        b far
        b.ne far
        cbz x3, far
        tbnz x4, #37, far
        ldr x5, far
        ldrsw x6, far + 4
        adr x7, far + 3
        adrp x8, far
        adrp x9, far + 0x1234567
        adrp x10, :pg_hi21_nc:far + 0x1235
        add x11, x8, :lo12:far + 0xabc
        ldrb w12, [x8, :lo12:far + 5]
        ldrh w13, [x8, :lo12:far + 6]
        str w14, [x8, :lo12:far + 12]
        ldr x15, [x8, :lo12:far + 24]
        str q16, [x8, :lo12:far + 48]
        prfm pldl1keep, [x8, :lo12:far + 8]
        movz x17, #:abs_g0:small
        movk x17, #:abs_g0_nc:wide
        movz x18, #:abs_g1:far
        movk x18, #:abs_g1_nc:wide
        movz x19, #:abs_g2:wide3
        movk x19, #:abs_g2_nc:wide
        movz x20, #:abs_g3:wide
        movz x21, #:abs_g0_s:small
        movz x21, #:abs_g0_s:negative
        movn x21, #:abs_g0_s:small
        movz x22, #:abs_g1_s:far
        movn x22, #:abs_g1_s:negative
        movz x23, #:abs_g2_s:wide3
        movz x23, #:abs_g2_s:negative
        .balign 8
        .space 4
        .data
        .space 0x320
        .globl far
far:    .quad wide, far + 0x123456789, small - 1
        .word far, small, far + 0x80
        .hword small, small - 1
        .quad far - ., _start - ., wide - .
        .word far - . + 7, _start - .
        .hword far - ., far + 0x20 - .
        .hword 0
        .reloc ., R_AARCH64_NONE, far
        .quad 0x1122334455667788
//# object: b.o
        .globl small, wide, wide3, negative
        .set small, 0x7654
        .set wide, 0xfedcba9876543210
        .set wide3, 0x7edc87654321
        .set negative, -0x1235
