//# compare: ld ld.lld
        .globl _start
_start: ret
        .irp n, a, b, c, aa, a1, a9, ax, b.c, .x
        .section .g.\n, "aw"
        .ascii "[\n]"
        .endr
//# script: inline
ENTRY(_start)
SECTIONS
{
  .text 0x400000 : { *(.text) }
  .one : { *(.g.a[0-8]) }
  .two : { *(.g.a?) }
  .three : { *(.g.[!ab]) }
  .four : { *(.g.*.c) }
  .five : { *(.g..*) *(.g.[b-z]*) }
  .six : { *(.g.*) }
  /DISCARD/ : { *(.note*) }
}
