//# compare: ld
# Inside braces `.` counts from the start of the section.
        .globl _start
_start: ret
//# script: inline
ENTRY(_start)
SECTIONS
{
  .text 0x400010 : { *(.text) . = 0x20; a = .; . += 4; b = .; . = ALIGN(0x20); c = .; d = ADDR(.text) + 1; QUAD(c) }
  . = 0x500000;
  e = .;
  . += 0x10;
  f = .;
  /DISCARD/ : { *(.note*) }
}
