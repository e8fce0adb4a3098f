//# expect-error: .data
# One segment over sections that are far apart.
        .globl _start
_start: ret
        .data
        .quad 1
//# script: inline
ENTRY(_start)
PHDRS { all PT_LOAD; }
SECTIONS
{
  .text 0x400000 : { *(.text) } :all
  .data 0x400000000000 : { *(.data) } :all
  /DISCARD/ : { *(.note*) }
}
