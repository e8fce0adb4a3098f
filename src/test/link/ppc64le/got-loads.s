//# machine: powerpc64le
//# differs: ld section..got.size (its table has a first word although no slot is left)
//# expect-bytes: .text+0x0 00000060007f82380080a238
//# script: inline
ENTRY(_start)
SECTIONS
{
  . = 0x10000000;
  .text : { *(.text) }
  .got : ALIGN(256) { *(.got .toc) }
  .data 0x10010000 : { *(.data) }
  /DISCARD/ : { *(.note.GNU-stack .glink .rela.plt .plt .iplt .branch_lt) }
}
//# object: a.o
# Loads of addresses from a table become additions.
        .globl _start
_start: addis 3, 2, data@got@ha
        ld 4, data@got@l(3)
        ld 5, near@got(2)
        blr
        .section .toc,"aw"
        .globl near
near:   .quad 5
        .data
        .globl data
data:   .quad 1
