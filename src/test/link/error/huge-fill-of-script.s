//# expect-error: .text
        .globl _start
_start: ret
//# script: inline
ENTRY(_start)
SECTIONS
{
  .text 0x400000 : { *(.text) . = ALIGN(1 << 45); } = 0x12345678
  /DISCARD/ : { *(.note*) }
}
