//# compare: ld
//# expect-error: is assigned to a segment that PHDRS does not name: nope
        .globl _start
_start: ret
//# script: inline
ENTRY(_start)
PHDRS { text PT_LOAD; }
SECTIONS
{
  .text 0x400000 : { *(.text) } :text
  .data : { LONG(1) } :nope
  /DISCARD/ : { *(.note*) }
}
