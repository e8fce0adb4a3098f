//# machine: powerpc64le
//# options: --no-toc-optimize
//# differs: ld link (drops the low bits)
//# compare: ld.lld
//# expect-error: target is not aligned as the instruction needs it: R_PPC64_REL24 against edge
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
_start: bl edge
        .section .toc,"aw"
        .quad 1
//# object: b.o
        .globl edge
        .set edge, 0x100000001002
