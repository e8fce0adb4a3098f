//# machine: powerpc64le
//# options: --no-toc-optimize
//# compare: ld
//# ignore: symbol..TOC..present (GNU ld lists it where it is named)
//# script: inline
ENTRY(_start)
SECTIONS
{
  . = 0x100000000000;
  .text : { *(.text) }
  .got 0x100020000000 : { *(.got .toc) }
  /DISCARD/ : { *(.note.GNU-stack .glink .rela.plt .plt .iplt .branch_lt) }
}
//# object: a.o
# The last value that fits, on both sides of every type. The first site is at 0x100000000000, each has 8 bytes; the
# base of the table of contents is 0x100020008000.
        .globl _start
_start:
        .balign 8
        .long addr32_below
        .balign 8
        .long addr32_above
        .balign 8
        .short addr16_below
        .balign 8
        .short addr16_above
        .balign 8
        lis 3,hi_below@h
        .balign 8
        lis 3,hi_above@h
        .balign 8
        lis 3,ha_below@ha
        .balign 8
        lis 3,ha_above@ha
        .balign 8
        ld 3,ds_below(4)
        .balign 8
        ld 3,ds_above(4)
        .balign 8
        .long rel32_below - .
        .balign 8
        .long rel32_above - .
        .balign 8
        addis 3,3,(rel16_ha_below - .)@ha
        .balign 8
        addis 3,3,(rel16_ha_above - .)@ha
        .balign 8
        addis 3,3,(rel16_hi_below - .)@h
        .balign 8
        addis 3,3,(rel16_hi_above - .)@h
        .balign 8
        addi 3,3,(rel16_below - .)
        .balign 8
        addi 3,3,(rel16_above - .)
        .balign 8
        beq rel14_below
        .balign 8
        beq rel14_above
        .balign 8
        b rel24_below
        .balign 8
        b rel24_above
        .balign 8
        addi 3,2,toc16_below@toc
        .balign 8
        addi 3,2,toc16_above@toc
        .balign 8
        ld 3,toc16_ds_below@toc(2)
        .balign 8
        ld 3,toc16_ds_above@toc(2)
        .balign 8
        addis 3,2,toc16_ha_below@toc@ha
        .balign 8
        addis 3,2,toc16_ha_above@toc@ha
        .balign 8
        addis 3,2,toc16_hi_below@toc@h
        .balign 8
        addis 3,2,toc16_hi_above@toc@h
        .section .toc,"aw"
        .quad 1
//# object: b.o
        .globl addr32_below
        .set addr32_below, -0x80000000
        .globl addr32_above
        .set addr32_above, 0xffffffff
        .globl addr16_below
        .set addr16_below, -0x8000
        .globl addr16_above
        .set addr16_above, 0x7fff
        .globl hi_below
        .set hi_below, -0x80000000
        .globl hi_above
        .set hi_above, 0x7fffffff
        .globl ha_below
        .set ha_below, -0x80008000
        .globl ha_above
        .set ha_above, 0x7fff7fff
        .globl ds_below
        .set ds_below, -0x8000
        .globl ds_above
        .set ds_above, 0x7ffc
        .globl rel32_below
        .set rel32_below, 0xfff80000050
        .globl rel32_above
        .set rel32_above, 0x100080000057
        .globl rel16_ha_below
        .set rel16_ha_below, 0xfff7fff8060
        .globl rel16_ha_above
        .set rel16_ha_above, 0x10007fff8067
        .globl rel16_hi_below
        .set rel16_hi_below, 0xfff80000070
        .globl rel16_hi_above
        .set rel16_hi_above, 0x100080000077
        .globl rel16_below
        .set rel16_below, 0xfffffff8080
        .globl rel16_above
        .set rel16_above, 0x100000008087
        .globl rel14_below
        .set rel14_below, 0xfffffff8090
        .globl rel14_above
        .set rel14_above, 0x100000008094
        .globl rel24_below
        .set rel24_below, 0xffffe0000a0
        .globl rel24_above
        .set rel24_above, 0x1000020000a4
        .globl toc16_below
        .set toc16_below, 0x100020000000
        .globl toc16_above
        .set toc16_above, 0x10002000ffff
        .globl toc16_ds_below
        .set toc16_ds_below, 0x100020000000
        .globl toc16_ds_above
        .set toc16_ds_above, 0x10002000fffc
        .globl toc16_ha_below
        .set toc16_ha_below, 0xfffa0000000
        .globl toc16_ha_above
        .set toc16_ha_above, 0x10009fffffff
        .globl toc16_hi_below
        .set toc16_hi_below, 0xfffa0008000
        .globl toc16_hi_above
        .set toc16_hi_above, 0x1000a0007fff
