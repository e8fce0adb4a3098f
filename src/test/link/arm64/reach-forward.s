//# machine: aarch64
//# compare: ld ld.lld
//# expect-section: .text size=0x8
//# script: inline
ENTRY(_start)
SECTIONS
{
  . = 0x400000;
  .text : { *(.text) }
  . = 0x400000 + 0x7fffffc;
  .far : { *(.far) }
  /DISCARD/ : { *(.note.GNU-stack) }
}
//# object: a.o
# As far as a branch reaches: no veneer.
        .globl _start
_start: bl far
        ret
        .section .far,"ax"
        .globl far
far:    ret
