//# machine: powerpc64le
//# options: --no-toc-optimize
//# compare: ld ld.lld
//# expect-error: target is not aligned as the instruction needs it: R_PPC64_ADDR16_LO_DS against edge
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
        .machine power9
        .globl _start
_start: lxv 3,edge@l(4)
        .section .toc,"aw"
        .quad 1
//# object: b.o
        .globl edge
        .set edge, 0x1004
