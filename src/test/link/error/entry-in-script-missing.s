//# expect-warning: cannot find entry symbol begin
        .globl _start
_start: ret
//# script: inline
ENTRY(begin)
SECTIONS
{
  .text 0x400000 : { *(.text) }
  /DISCARD/ : { *(.note*) }
}
