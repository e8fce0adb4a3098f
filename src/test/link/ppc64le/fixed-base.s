//# machine: powerpc64le
//# compare: ld
//# script: inline
ENTRY(_start)
SECTIONS
{
  . = 0x10000000;
  .text : { *(.text) }
  .got : ALIGN(256) { *(.got .toc) }
  .data : { *(.data) }
  /DISCARD/ : { *(.note.GNU-stack .glink .rela.plt .plt .iplt .branch_lt) }
}
//# object: a.o
# Where r2's value is known and low, entry points name it; what only looks like one stays.
        .globl _start
_start: addis 2, 12, .TOC. - _start@ha
        addi 2, 2, .TOC. - _start@l
        addis 2, 12, .TOC. - _start@ha
        nop
        addi 2, 2, .TOC. - _start@l
        addis 3, 12, .TOC. - _start@ha
        addi 3, 3, .TOC. - _start@l
1:      addis 2, 12, .TOC. - 1b@ha
        addi 2, 2, .TOC. - 1b@l
2:      addis 2, 12, .TOC. + 4 - 2b@ha
        addi 2, 2, .TOC. + 4 - 2b@l
3:      addis 2, 12, .TOC. - 3b@ha
        addi 3, 2, .TOC. - 3b@l
4:      ld 2, -8(12)
        .reloc 4b, R_PPC64_ENTRY
        add 2, 2, 12
5:      ld 2, -8(12)
        .reloc 5b, R_PPC64_ENTRY
        add 2, 2, 11
        .balign 8
        .quad .TOC. - 4b
        .section .toc,"aw"
        .quad 1
