//# compare: ld
        .globl _start
_start: ret
        .section .init_array.00200, "aw", @init_array
        .quad 200
        .section .init_array.00100, "aw", @init_array
        .quad 100
        .section .init_array, "aw", @init_array
        .quad 0xffff
        .section .ctors.65435, "aw"
        .quad 65435
        .section .ctors.65000, "aw"
        .quad 65000
        .section .init_array.1000, "aw", @init_array
        .quad 1000
//# script: inline
ENTRY(_start)
SECTIONS
{
  .text 0x400000 : { *(.text) }
  .init_array : { *(SORT_BY_INIT_PRIORITY(.init_array.*)) *(.init_array) }
  .ctors : { *(SORT_BY_INIT_PRIORITY(.ctors.*)) }
  /DISCARD/ : { *(.note*) }
}
