//# expect-error: does not settle
        .globl _start
_start: ret
//# script: inline
ENTRY(_start)
SECTIONS
{
  .text 0x400000 : { *(.text) . += x; }
  x = SIZEOF(.text);
  /DISCARD/ : { *(.note*) }
}
