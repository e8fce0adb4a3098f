//# machine: aarch64
//# expect-section: .far size=0x14
//# script: inline
ENTRY(_start)
SECTIONS
{
  . = 0x400000;
  .text : { *(.text) }
  . = 0x400008 + 0x8000000;
  .far : { *(.far) }
  /DISCARD/ : { *(.note.GNU-stack) }
}
//# object: a.o
# One instruction further than a branch reaches backwards.
        .globl _start, near
_start: ret
near:   ret
        .section .far,"ax"
        .globl far
far:    bl near
        ret
