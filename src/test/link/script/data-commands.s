//# compare: ld ld.lld
        .globl _start
_start: ret
        .data
        .globl datum
datum:  .quad 2
//# script: inline
ENTRY(_start)
SECTIONS
{
  .text 0x400000 : { *(.text) }
  .data : { BYTE(0x112) SHORT(0x3334) LONG(0x55667788) QUAD(datum) *(.data) QUAD(ADDR(.data)) LONG(-1) LONG(later) }
  later = 0x77;
  /DISCARD/ : { *(.note*) }
}
