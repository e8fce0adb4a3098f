//# compare: ld
# Symbols and sizes used before they are known.
        .globl _start
_start: ret
        .data
        .globl jiffies_64
        .quad 0
jiffies_64: .quad 1, 2
//# script: inline
ENTRY(_start)
jiffies = jiffies_64;
SECTIONS
{
  . = 0x400000;
  .text : { *(.text) . = ALIGN(SIZEOF(.data) * 4); LONG(SIZEOF(.data)) LONG(ADDR(.data)) }
  early = end_of_data;
  .data : { *(.data) }
  end_of_data = .;
  /DISCARD/ : { *(.note*) }
}
