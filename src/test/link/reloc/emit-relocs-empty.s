//# options: --emit-relocs
//# compare: ld
# With --emit-relocs GNU ld keeps an output section whose inputs are all empty.
        .globl _start
_start: ret
        .section .nothing, "aw"
//# script: inline
ENTRY(_start)
SECTIONS
{
  .text 0x400000 : { *(.text) }
  .nothing : { *(.nothing) }
  .none : { *(.none) }
  /DISCARD/ : { *(.note*) }
}
