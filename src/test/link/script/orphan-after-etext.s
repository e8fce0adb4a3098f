//# compare: ld
# An orphan of code stands after .text and the symbols set right behind it, before the location counter moves.
        .globl _start
_start: ret
        .section .text.orphaned, "ax"
        .globl lonely
lonely: ret
        .section extra_code, "ax"
        nop
        .section extra_ro, "a"
        .quad 1
        .section extra_data, "aw"
        .quad 2
        .section extra_bss, "aw", @nobits
        .skip 32
        .section .note.mine, "a", @note
        .long 4, 4, 1
        .asciz "abc"
        .long 0
        .section plain_info
        .asciz "not loaded"
        .data
        .quad 3
        .bss
        .skip 8
        .section .rodata, "a"
        .quad 4
//# script: inline
ENTRY(_start)
SECTIONS
{
  . = 0x400000;
  .text : { *(.text) }
  _etext = .;
  . = ALIGN(0x1000);
  .rodata : { *(.rodata) }
  __end_rodata = .;
  . = ALIGN(0x1000);
  .data : { *(.data) }
  _edata = .;
  .bss : { *(.bss) }
  . = ALIGN(0x1000);
  _end = .;
  .comment 0 : { *(.comment) }
  /DISCARD/ : { *(.note.GNU-stack) }
}
