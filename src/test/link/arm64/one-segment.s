//# machine: aarch64
//# compare: ld
//# script: inline
ENTRY(_start)
SECTIONS
{
  . = 0x400000;
  .text : { *(.text) }
  .rodata : { *(.rodata) }
  .text2 : { *(.text2) }
  .data : { *(.data) }
  .bss : { *(.bss) }
  /DISCARD/ : { *(.note.GNU-stack) }
}
//# object: a.o
# Code, constants and data that follow each other without a gap of a page are one segment.
        .globl _start
_start: ret
        .section .rodata,"a"
        .quad 1
        .section .text2,"ax"
        nop
        .data
        .quad 2
        .bss
        .skip 64
