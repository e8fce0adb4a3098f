//# compare: ld
# From debug sections that is common, and reads 0.
        .globl _start
_start: ret
        .section .exit.text, "ax"
gone:   ret
        .section .debug_info, "", @progbits
        .quad gone
        .quad .exit.text + 1
//# script: inline
ENTRY(_start)
SECTIONS
{
  .text 0x400000 : { *(.text) }
  .debug_info 0 : { *(.debug_info) }
  /DISCARD/ : { *(.exit.text) *(.note*) }
}
