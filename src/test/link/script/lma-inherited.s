//# compare: ld
# Without AT a section keeps the distance that the section before it has.
        .globl _start
_start: ret
        .data
        .quad 2
        .section .more, "aw"
        .quad 3
        .bss
        .skip 64
//# script: inline
ENTRY(_start)
SECTIONS
{
  . = 0x1000000;
  .text : AT(0x2000000) { *(.text) }
  .data : { *(.data) }
  . = ALIGN(0x1000);
  .more : { *(.more) }
  .bss : { *(.bss) }
  /DISCARD/ : { *(.note*) }
}
