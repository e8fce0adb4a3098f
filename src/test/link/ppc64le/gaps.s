//# machine: powerpc64le
//# compare: ld
//# ignore: symbol..TOC..present (GNU ld lists it where it is named)
//# script: inline
ENTRY(_start)
SECTIONS
{
  . = 0x10000000;
  .text : { *(.text) *(.text.a) *(.text.b) *(.text.c) *(.text.d) *(.text.e) . = ALIGN(64); }
  .data : { *(.data) . = ALIGN(32); }
  /DISCARD/ : { *(.note.GNU-stack) }
}
//# object: a.o
# A gap in code holds no-operations if it is of whole instructions, else zeros.
        .globl _start
_start: blr
        .section .text.a,"ax"
        .balign 16
        .byte 1, 2
        .section .text.b,"ax"
        .balign 16
        .byte 1
        .section .text.c,"ax"
        .balign 32
        .long 1, 2, 3
        .section .text.d,"ax"
        .balign 8
        .long 1
        .section .text.e,"ax"
        .balign 4
        .long 1
        .data
        .long 1
