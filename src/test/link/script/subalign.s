//# compare: ld
# SUBALIGN replaces the alignment of every input section, up and down.
        .globl _start
_start: ret
        .section .t1, "aw"
        .balign 32
        .byte 1
        .section .t2, "aw"
        .byte 2
        .section .t3, "aw"
        .balign 4
        .byte 3
//# script: inline
ENTRY(_start)
SECTIONS
{
  .text 0x400000 : { *(.text) }
  .table : SUBALIGN(8) { *(.t1) *(.t2) *(.t3) }
  .byte : SUBALIGN(1) { *(.t*) }
  /DISCARD/ : { *(.note*) }
}
