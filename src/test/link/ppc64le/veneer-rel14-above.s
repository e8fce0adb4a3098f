//# machine: powerpc64le
//# compare: ld
//# options: --no-toc-optimize
//# ignore: symbol..TOC..present (its name, where nobody names it)
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
# One past what a conditional branch reaches, so that a veneer helps; the last that it reaches is in edges.s.
        .globl _start
_start: beq edge
        .section .toc,"aw"
        .quad 1
//# object: b.o
        .globl edge
        .set edge, 0x100000008000
