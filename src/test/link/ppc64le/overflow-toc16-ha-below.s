//# machine: powerpc64le
//# options: --no-toc-optimize
//# compare: ld
//# expect-error: relocation out of range: R_PPC64_TOC16_HA against edge
//# expect-error: at a.o:(.text+0x0)
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
# One past what fits; the last that fits is in edges.s.
        .globl _start
_start: addis 3,2,edge@toc@ha
        .section .toc,"aw"
        .quad 1
//# object: b.o
        .globl edge
        .set edge, 0xfff9fffffff
