//# machine: aarch64
//# compare: ld ld.lld
//# expect-error: relocation out of range: R_AARCH64_CONDBR19 against edge
//# expect-error: at a.o:(.text+0x0)
//# script: inline
ENTRY(_start)
SECTIONS
{
  . = 0x100000000000;
  .text : { *(.text) }
  /DISCARD/ : { *(.note.GNU-stack) }
}
//# object: a.o
# One past what fits; the last that fits is in edges.s.
        .globl _start
_start: b.eq edge
//# object: b.o
        .globl edge
        .set edge, 0x100000100000
