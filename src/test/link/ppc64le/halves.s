//# machine: powerpc64le
//# options: --no-toc-optimize
//# compare: ld
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
# The parts of an address that are not checked, and with carries from the part below.
        .machine power9
        .globl _start
_start: lis 3, carried@highest
        lis 3, carried@highesta
        lis 3, carried@higher
        lis 3, carried@highera
        lis 3, carried@high
        lis 3, carried@higha
        addi 3, 3, carried@l
        ld 3, plain@l(3)
        lwa 3, plain@l(3)
        lxv 3, plain@l(3)
        stxv 3, plain@l(3)
        lq 4, plain@l(3)
        addi 3, 3, plain@l
        addis 3, 2, near@toc@ha
        addi 3, 3, near@toc@l
        ld 3, near@toc@l(3)
        std 3, near@toc@l + 8(3)
        addis 3, 12, .TOC. - _start@ha
        addi 3, 3, .TOC. - _start@l
        .balign 8
        .quad plain, plain - ., .TOC.@tocbase, .TOC.
        .long plain - .
        .byte 1
        .quad plain
        .section .toc,"aw"
        .quad 1
        .globl near
near:   .quad near
//# object: b.o
        .globl carried, plain
        .set carried, 0x7fff8001ffff8000
        .set plain, 0x100012345670
