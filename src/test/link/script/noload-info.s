//# compare: ld
        .globl _start
_start: ret
        .section .n, "aw"
        .quad 1
        .section .i, "aw"
        .quad 2
        .data
        .quad 3
//# script: inline
ENTRY(_start)
SECTIONS
{
  .text 0x400000 : { *(.text) }
  .n (NOLOAD) : { *(.n) }
  .data 0x500000 : { *(.data) }
  .i 0 (INFO) : { *(.i) }
  /DISCARD/ : { *(.note*) }
}
