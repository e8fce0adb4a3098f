//# machine: aarch64
//# compare: ld ld.lld
//# expect-error: relocation out of range: R_AARCH64_TSTBR14 against far
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
# A conditional branch has no veneer.
        .globl _start
_start: tbz x0, #1, far
        ret
        .section .far,"ax"
        .globl far
far:    ret
