//# compare: ld
//# expect-error: cannot move the location counter backwards
//# expect-error: case.lds:4
        .globl _start
_start: .skip 100
//# script: inline
ENTRY(_start)
SECTIONS
{
  .text 0x400000 : { *(.text) . = 50; }
  /DISCARD/ : { *(.note*) }
}
