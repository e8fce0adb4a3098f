//# machine: aarch64
//# script: inline
ENTRY(_start)
SECTIONS
{
  . = 0x400000;
  .text : { *(.text) }
  . = 0x20000000;
  .far : { *(.far) }
  /DISCARD/ : { *(.note.GNU-stack) }
}
//# object: a.o
# Calls and jumps to one place share a veneer; one for each place.
        .globl _start
_start: bl far
        b far
        bl far + 8
        bl local_far
        .section .text.more,"ax"
        bl far
        .section .far,"ax"
        .globl far
far:    ret
        nop
        nop
local_far:
        ret
//# object: b.o
        bl far
