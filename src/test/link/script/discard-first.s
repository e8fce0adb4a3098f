//# compare: ld
//# expect-section: .kept absent
# A /DISCARD/ that stands earlier wins too.
        .globl _start
_start: ret
        .section .exit.data, "aw"
        .quad 1
//# script: inline
ENTRY(_start)
SECTIONS
{
  /DISCARD/ : { *(.exit.data) *(.note*) }
  .text 0x400000 : { *(.text) }
  .kept : { *(.exit.data) }
}
