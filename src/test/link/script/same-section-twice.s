//# compare: ld
# Two statements of one name make two sections.
        .globl _start
_start: ret
        .section .t1, "aw"
        .quad 1
        .section .t2, "aw"
        .quad 2
        .section .t3, "aw"
        .quad 3
//# script: inline
ENTRY(_start)
SECTIONS
{
  .text 0x400000 : { *(.text) }
  .t : { *(.t1) }
  .u : { *(.t2) }
  .t : { *(.t3) }
  /DISCARD/ : { *(.note*) }
}
