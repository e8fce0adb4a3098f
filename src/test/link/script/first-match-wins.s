//# compare: ld ld.lld
//# expect-section: .kept size=0x8
# The first pattern takes a section, also if a later /DISCARD/ names it.
        .globl _start
_start: ret
        .section .exit.data, "aw"
        .quad 1
        .section .exit.text, "ax"
        nop
        .section .data.b, "aw"
        .quad 2
//# script: inline
ENTRY(_start)
SECTIONS
{
  .text 0x400000 : { *(.text) }
  .kept : { *(.exit.data) }
  .first : { *(.data.b) }
  .second : { *(.data.*) }
  /DISCARD/ : { *(.exit.*) *(.note*) }
}
