//# machine: aarch64
//# args: -T SCRIPT a.o
//# compare: ld ld.lld
//# expect-segments: 3
//# script: inline
ENTRY(_start)
SECTIONS
{
  . = 0x401000;
  .text : { *(.text) }
  .data : ALIGN(CONSTANT(MAXPAGESIZE)) { *(.data) QUAD(CONSTANT(MAXPAGESIZE)) QUAD(CONSTANT(COMMONPAGESIZE)) }
  .bss : { *(.bss) }
  /DISCARD/ : { *(.note.GNU-stack) }
}
//# object: a.o
# max-page-size is 64 KiB, and text is not kept apart from data.
        .globl _start
_start: ret
        .data
        .quad 1
        .bss
        .skip 64
