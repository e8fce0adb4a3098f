//# machine: powerpc64le
//# compare: ld
//# script: inline
ENTRY(_start)
SECTIONS
{
  . = 0x100010000000;
  .text : { *(.text) }
  .got : ALIGN(256) { *(.got .toc) }
  /DISCARD/ : { *(.note.GNU-stack .glink .rela.plt .plt .iplt .branch_lt) }
}
//# object: a.o
# Where it is not low, it is computed; code of the large model need not load the distance.
        .globl _start
_start: addis 2, 12, .TOC. - _start@ha
        addi 2, 2, .TOC. - _start@l
4:      ld 2, -8(12)
        .reloc 4b, R_PPC64_ENTRY
        add 2, 2, 12
        .section .toc,"aw"
        .quad 1
