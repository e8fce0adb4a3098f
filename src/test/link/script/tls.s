//# compare: ld
        .globl _start
_start: ret
        .section .tdata, "awT"
        .quad 1
        .section .tbss, "awT", @nobits
        .skip 16
        .data
        .quad 2
//# script: inline
ENTRY(_start)
SECTIONS
{
  .text 0x400000 : { *(.text) }
  . = ALIGN(0x1000);
  .tdata : { *(.tdata) }
  .tbss : { *(.tbss) }
  .data : { *(.data) }
  after = .;
  /DISCARD/ : { *(.note*) }
}
