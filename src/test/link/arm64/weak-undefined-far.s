//# machine: aarch64
//# compare: ld
//# script: inline
ENTRY(_start)
SECTIONS
{
  . = 0xffff800008000000;
  .text : { *(.text) }
  /DISCARD/ : { *(.note.GNU-stack) }
}
//# object: a.o
# Address 0 is out of reach here, and a call to nothing needs no veneer.
        .globl _start
        .weak nowhere
_start: bl nowhere
        adrp x0, nowhere
        b nowhere
        nop
