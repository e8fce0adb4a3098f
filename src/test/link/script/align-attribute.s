//# compare: ld ld.lld
        .globl _start
_start: ret
        .data
        .byte 1
        .bss
        .balign 8
        .skip 8
//# script: inline
ENTRY(_start)
SECTIONS
{
  .text 0x400000 : { *(.text) }
  .data : ALIGN(0x200) { *(.data) }
  .bss ALIGN(0x400) : { *(.bss) }
  size = SIZEOF(.data);
  align = ALIGNOF(.data);
  /DISCARD/ : { *(.note*) }
}
