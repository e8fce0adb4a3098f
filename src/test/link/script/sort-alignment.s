//# compare: ld
        .globl _start
_start: ret
        .macro piece name, align, byte
        .section .data..percpu.\name, "aw"
        .balign \align
        .fill \align, 1, \byte
        .endm
        piece a, 4, 1
        piece b, 64, 2
        piece c, 16, 3
        piece d, 64, 4
        piece e, 1, 5
//# script: inline
ENTRY(_start)
SECTIONS
{
  .text 0x400000 : { *(.text) }
  .by_alignment : { *(SORT_BY_ALIGNMENT(.data..percpu.[abc])) }
  .by_both : { *(SORT_BY_NAME(SORT_BY_ALIGNMENT(.data..percpu.*))) }
  /DISCARD/ : { *(.note*) }
}
