//# machine: aarch64
//# differs: ld section..text.size (keeps room to align its veneers)
//# expect-section: .text size=0x14
//# script: inline
ENTRY(_start)
SECTIONS
{
  . = 0x400000;
  .text : { *(.text) }
  . = 0x400000 + 0x8000000;
  .far : { *(.far) }
  /DISCARD/ : { *(.note.GNU-stack) }
}
//# object: a.o
# One instruction further than a branch reaches.
        .globl _start
_start: bl far
        ret
        .section .far,"ax"
        .globl far
far:    ret
