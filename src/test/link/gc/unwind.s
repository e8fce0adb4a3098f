//# script: inline
ENTRY(_start)
SECTIONS
{
  . = 0x400000;
  .text : { *(.text .text.*) }
  .rodata : { *(.rodata .rodata.*) }
  .eh_frame : { KEEP(*(.eh_frame)) }
  .gcc_except_table : { *(.gcc_except_table.*) }
  .data : { *(.data .data.*) }
  /DISCARD/ : { *(.note.GNU-stack) }
}
//# object: a.o
//# options: --gc-sections
//# expect-symbol: dead absent
//# expect-symbol: dead_table absent
//# expect-symbol: live_table section=.gcc_except_table
//# expect-symbol: personality section=.text
# An unwind record does not keep its function, but a live function keeps what its record names.
        .globl _start
_start: call live
        .section .text.live, "ax"
        .globl live
live:   .cfi_startproc
        .cfi_personality 3, personality
        .cfi_lsda 3, live_table
        ret
        .cfi_endproc
        .section .text.dead, "ax"
        .globl dead
dead:   .cfi_startproc
        .cfi_personality 3, other_personality
        .cfi_lsda 3, dead_table
        ret
        .cfi_endproc
        .section .gcc_except_table.live, "a"
        .globl live_table
live_table: .quad 1
        .section .gcc_except_table.dead, "a"
        .globl dead_table
dead_table: .quad 2
        .section .text.personality, "ax"
        .globl personality
personality: ret
        .section .text.other, "ax"
        .globl other_personality
other_personality: ret
