//# machine: aarch64
//# compare: ld ld.lld
//# expect-section: .far size=0x8
//# script: inline
ENTRY(_start)
SECTIONS
{
  . = 0x400000;
  .text : { *(.text) }
  . = 0x400004 + 0x8000000;
  .far : { *(.far) }
  /DISCARD/ : { *(.note.GNU-stack) }
}
//# object: a.o
# As far as a branch reaches backwards: no veneer.
        .globl _start, near
_start: ret
near:   ret
        .section .far,"ax"
        .globl far
far:    bl near
        ret
