//# compare: ld ld.lld
//# expect-error: case.lds:4
        .globl _start
_start: ret
//# script: inline
ENTRY(_start)
SECTIONS
{
  .text 0x400000 : { *(.text }
}
