//# machine: powerpc64le
//# compare: ld
//# ignore: symbol._save*.visibility (local there, and here too where the image moves)
//# ignore: symbol._save*.bind (local there, and here too where the image moves)
//# script: inline
ENTRY(_start)
SECTIONS
{
  . = 0x100000000000;
  .text : { *(.text) *(.sfpr) }
  .got : ALIGN(256) { *(.got .toc) }
  /DISCARD/ : { *(.note.GNU-stack .glink .iplt .plt .branch_lt) }
}
//# object: a.o
# Functions that compilers expect of a linker: of each kind, from the lowest register asked for on.
        .globl _start
_start: addis 2, 12, .TOC. - _start@ha
        addi 2, 2, .TOC. - _start@l
        .localentry _start, . - _start
        bl _savegpr0_29
        bl _restgpr0_29
        blr
        .globl _restgpr0_29
_restgpr0_29: blr
        .section .toc,"aw"
        .quad 1
