//# machine: powerpc64le
//# compare: ld
//# expect-error: relocation out of range: R_PPC64_D28 against edge
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
# One past what fits; the last that fits is in relocs-rare.s.
        .machine power10
        .globl _start
_start: .quad 0
        .reloc _start, R_PPC64_D28, edge
        .section .toc,"aw"
        .quad 1
//# object: b.o
        .globl edge
        .set edge, 0x8000000
