//# compare: ld
# Symbols of a section that turns out empty go to a kept neighbour.
        .globl _start
_start: ret
        .data
        .quad __start_none, __stop_none, in_gone
        .section .rodata, "a"
        .quad 1
//# script: inline
ENTRY(_start)
SECTIONS
{
  . = 0x400000;
  .text : { *(.text) }
  .gone : { in_gone = .; *(.gone) }
  .rodata : { *(.rodata) }
  .none : { __start_none = .; *(.none) __stop_none = .; }
  . = ALIGN(0x1000);
  .data : { *(.data) }
  .tail : { tail = .; *(.tail) }
  /DISCARD/ : { *(.note*) }
}
