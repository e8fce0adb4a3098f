//# expect-error: .data
# NOBITS before data becomes zeros in the file, but not that many.
        .globl _start
_start: ret
        .bss
        .skip 0x400000000000
        .data
        .quad 1
//# script: inline
ENTRY(_start)
SECTIONS
{
  .text 0x400000 : { *(.text) }
  .data : { *(.bss) *(.data) }
  /DISCARD/ : { *(.note*) }
}
