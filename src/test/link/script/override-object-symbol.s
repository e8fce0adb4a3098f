//# compare: ld
# What the script assigns prevails over what an object defines.
        .globl _start, both
_start: mov $both, %eax
        .data
both:   .quad both
//# script: inline
ENTRY(_start)
SECTIONS
{
  .text 0x400000 : { *(.text) }
  .data : { *(.data) }
  both = 0x1234;
  /DISCARD/ : { *(.note*) }
}
