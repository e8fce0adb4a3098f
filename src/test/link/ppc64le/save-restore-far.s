//# machine: powerpc64le
//# compare: ld
//# audit:
//# ignore: symbol.0000* (GNU ld counts its own sections for the number)
//# ignore: symbol._save*.visibility (local there, and here too where the image moves)
//# ignore: symbol._save*.bind (local there, and here too where the image moves)
//# ignore: symbol._rest*.visibility (local there, and here too where the image moves)
//# ignore: symbol._rest*.bind (local there, and here too where the image moves)
//# ignore: symbol..TOC..present (its name, where nobody names it)
//# script: inline
ENTRY(_start)
SECTIONS
{
  . = 0x10000000;
  .text : { *(.text) }
  .init.text 0x12000100 : { *(.init.text) *(.sfpr) }
  .branch_lt : { *(.branch_lt) }
  .got : ALIGN(256) { *(.got .toc) }
  /DISCARD/ : { *(.note.GNU-stack .glink .rela.plt .plt .iplt) }
}
//# object: a.o
# Functions that save and restore registers are copied to where they are called from, as they are entered with r0 and r12 in use.
        .globl _start
_start: mflr 0
        bl _savegpr0_29
        mr 12, 1
        bl _savegpr1_30
        bl _restgpr1_30
        bl far
        b _restgpr0_29
        .section .toc,"aw"
        .quad _start
//# object: b.o
        .section .init.text,"ax"
        .globl far
far:    mflr 0
        bl _savegpr0_30
        bl _start
        b _restgpr0_30
