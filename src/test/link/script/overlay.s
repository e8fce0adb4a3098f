//# compare: ld
# Sections that run at one address and are loaded one after the other, with their load addresses as symbols.
        .globl _start
_start: ret
        .section .o1, "aw"
        .quad 1, 2
        .section .o2, "aw"
        .quad 3
        .data
        .quad __load_start_ov1, __load_stop_ov2
//# script: inline
ENTRY(_start)
SECTIONS
{
  .text 0x400000 : { *(.text) }
  OVERLAY 0x500000 : AT(0x600000) { ov1 { *(.o1) } ov2 { *(.o2) } }
  .data 0x700000 : { *(.data) }
  /DISCARD/ : { *(.note*) }
}
