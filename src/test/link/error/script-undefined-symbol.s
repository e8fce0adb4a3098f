//# compare: ld ld.lld
//# expect-error: nowhere
//# expect-error: case.lds:5
        .globl _start
_start: ret
//# script: inline
ENTRY(_start)
SECTIONS
{
  .text 0x400000 : { *(.text) }
  a = nowhere + 1;
  /DISCARD/ : { *(.note*) }
}
