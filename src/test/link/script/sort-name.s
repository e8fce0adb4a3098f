//# compare: ld ld.lld
        .globl _start
_start: ret
        .section .init.b, "aw"
        .ascii "bbbb"
        .section .init.a, "aw"
        .ascii "aaaa"
        .section .init.c10, "aw"
        .ascii "c10 "
//# object: b.o
        .section .init.a, "aw"
        .ascii "AAAA"
        .section .init.c9, "aw"
        .ascii "c9  "
//# script: inline
ENTRY(_start)
SECTIONS
{
  .text 0x400000 : { *(.text) }
  .init : { *(SORT(.init.*)) }
  /DISCARD/ : { *(.note*) }
}
