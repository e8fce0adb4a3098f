//# compare: ld
# `. =` to a value made of a symbol of the very section that is being laid out: x86's SRSO alias.
        .globl _start, early
_start: ret
        .section .text.early, "ax"
early:  ret
        .section .text.late, "ax"
        .globl late
late:   ret
        .data
        .quad late, early
//# script: inline
ENTRY(_start)
SECTIONS
{
  . = 0x400000;
  .text : { *(.text) *(.text.early) . = early | 0x100; *(.text.late) . = ALIGN(16); }
  .data : { *(.data) }
  gap = late - early;
  ASSERT(gap == (0x100 | (early - ADDR(.text))) - (early - ADDR(.text)), "the alias is elsewhere")
  /DISCARD/ : { *(.note*) }
}
