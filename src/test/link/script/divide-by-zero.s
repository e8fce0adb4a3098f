//# compare: ld ld.lld
//# expect-error: by zero
        .globl _start
_start: ret
//# script: inline
ENTRY(_start)
SECTIONS
{
  .text 0x400000 : { *(.text) }
  a = 5 / (SIZEOF(.text) - 1);
  /DISCARD/ : { *(.note*) }
}
