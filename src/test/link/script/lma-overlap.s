//# compare: ld
//# expect-error: overlaps section .text LMA
        .globl _start
_start: ret
        .skip 15
        .data
        .quad 2
//# script: inline
ENTRY(_start)
SECTIONS
{
  .text 0x400000 : AT(0x400000) { *(.text) }
  .data 0x500000 : AT(0x400008) { *(.data) }
  /DISCARD/ : { *(.note*) }
}
