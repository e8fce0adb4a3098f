//# expect-error: .text
# A location counter that would make a file of many terabytes.
        .globl _start
_start: ret
//# script: inline
ENTRY(_start)
SECTIONS
{
  .text 0x400000 : { *(.text) . = 0x400000000000; BYTE(1) }
  /DISCARD/ : { *(.note*) }
}
