//# compare: ld
# `.debug_info 0 : { }` does not move the location counter.
        .globl _start
_start: ret
        .section .debug_info
        .quad 1
        .section .comment, "MS", @progbits, 1
        .asciz "x"
        .section .bss2, "aw", @nobits
        .skip 8
//# script: inline
ENTRY(_start)
SECTIONS
{
  .text 0x400000 : { *(.text) }
  .debug_info 0 : { *(.debug_info) }
  .comment 0 : { *(.comment) }
  after = .;
  .bss : { *(.bss2) }
  /DISCARD/ : { *(.note*) }
}
