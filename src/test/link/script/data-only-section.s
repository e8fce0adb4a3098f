//# compare: ld
# A section made of data commands alone.
        .globl _start
_start: ret
//# script: inline
ENTRY(_start)
SECTIONS
{
  .text 0x400000 : { *(.text) }
  .magic : { LONG(0x1234) }
  .moved : { . += 16; }
  .empty : { *(.nothing) }
  .symbol : { only_symbol = .; }
  /DISCARD/ : { *(.note*) }
}
