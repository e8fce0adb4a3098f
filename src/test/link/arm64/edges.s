//# machine: aarch64
//# compare: ld ld.lld
//# script: inline
ENTRY(_start)
SECTIONS
{
  . = 0x100000000000;
  .text : { *(.text) }
  /DISCARD/ : { *(.note.GNU-stack) }
}
//# object: a.o
# The last value that fits, on both sides of every type. The first site is at 0x100000000000, each has 8 bytes.
        .globl _start
_start:
        .balign 8
        .word abs32_above
        .balign 8
        .hword abs16_above
        .balign 8
        .word prel32_below - .
        .balign 8
        .hword prel16_below - .
        .balign 8
        movz x0, #:abs_g0:uabs_g0_below
        .balign 8
        movz x0, #:abs_g0:uabs_g0_above
        .balign 8
        movz x0, #:abs_g1:uabs_g1_below
        .balign 8
        movz x0, #:abs_g1:uabs_g1_above
        .balign 8
        movz x0, #:abs_g2:uabs_g2_below
        .balign 8
        movz x0, #:abs_g2:uabs_g2_above
        .balign 8
        movz x0, #:abs_g0_s:sabs_g0_below
        .balign 8
        movz x0, #:abs_g0_s:sabs_g0_above
        .balign 8
        movz x0, #:abs_g1_s:sabs_g1_below
        .balign 8
        movz x0, #:abs_g1_s:sabs_g1_above
        .balign 8
        movz x0, #:abs_g2_s:sabs_g2_below
        .balign 8
        movz x0, #:abs_g2_s:sabs_g2_above
        .balign 8
        movz x0, #:prel_g0:prel_g0_below
        .balign 8
        movz x0, #:prel_g0:prel_g0_above
        .balign 8
        movz x0, #:prel_g1:prel_g1_below
        .balign 8
        movz x0, #:prel_g1:prel_g1_above
        .balign 8
        movz x0, #:prel_g2:prel_g2_below
        .balign 8
        movz x0, #:prel_g2:prel_g2_above
        .balign 8
        ldr x0, ldr19_below
        .balign 8
        ldr x0, ldr19_above
        .balign 8
        b.eq condbr19_below
        .balign 8
        b.eq condbr19_above
        .balign 8
        tbz x0, #1, tstbr14_below
        .balign 8
        tbz x0, #1, tstbr14_above
        .balign 8
        adr x0, adr21_below
        .balign 8
        adr x0, adr21_above
        .balign 8
        adrp x0, adrp_below
        .balign 8
        adrp x0, adrp_above
        .balign 8
        bl call26_below
        .balign 8
        bl call26_above
        .balign 8
        b jump26_below
        .balign 8
        b jump26_above
//# object: b.o
        .globl abs32_above
        .set abs32_above, 0xffffffff
        .globl abs16_above
        .set abs16_above, 0xffff
        .globl prel32_below
        .set prel32_below, 0xfff80000010
        .globl prel16_below
        .set prel16_below, 0xfffffff8018
        .globl uabs_g0_below
        .set uabs_g0_below, 0x0
        .globl uabs_g0_above
        .set uabs_g0_above, 0xffff
        .globl uabs_g1_below
        .set uabs_g1_below, 0x0
        .globl uabs_g1_above
        .set uabs_g1_above, 0xffffffff
        .globl uabs_g2_below
        .set uabs_g2_below, 0x0
        .globl uabs_g2_above
        .set uabs_g2_above, 0xffffffffffff
        .globl sabs_g0_below
        .set sabs_g0_below, -0x10000
        .globl sabs_g0_above
        .set sabs_g0_above, 0xffff
        .globl sabs_g1_below
        .set sabs_g1_below, -0x100000000
        .globl sabs_g1_above
        .set sabs_g1_above, 0xffffffff
        .globl sabs_g2_below
        .set sabs_g2_below, -0x1000000000000
        .globl sabs_g2_above
        .set sabs_g2_above, 0xffffffffffff
        .globl prel_g0_below
        .set prel_g0_below, 0xfffffff0080
        .globl prel_g0_above
        .set prel_g0_above, 0x100000010087
        .globl prel_g1_below
        .set prel_g1_below, 0xfff00000090
        .globl prel_g1_above
        .set prel_g1_above, 0x100100000097
        .globl prel_g2_below
        .set prel_g2_below, -0xefffffffff60
        .globl prel_g2_above
        .set prel_g2_above, 0x11000000000a7
        .globl ldr19_below
        .set ldr19_below, 0xffffff000b0
        .globl ldr19_above
        .set ldr19_above, 0x1000001000b4
        .globl condbr19_below
        .set condbr19_below, 0xffffff000c0
        .globl condbr19_above
        .set condbr19_above, 0x1000001000c4
        .globl tstbr14_below
        .set tstbr14_below, 0xfffffff80d0
        .globl tstbr14_above
        .set tstbr14_above, 0x1000000080d4
        .globl adr21_below
        .set adr21_below, 0xffffff000e0
        .globl adr21_above
        .set adr21_above, 0x1000001000e7
        .globl adrp_below
        .set adrp_below, 0xfff00000000
        .globl adrp_above
        .set adrp_above, 0x1000ffffffff
        .globl call26_below
        .set call26_below, 0xffff8000100
        .globl call26_above
        .set call26_above, 0x100008000104
        .globl jump26_below
        .set jump26_below, 0xffff8000110
        .globl jump26_above
        .set jump26_above, 0x100008000114
