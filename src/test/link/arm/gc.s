//# machine: arm
//# audit:
//# compare: ld
//# ignore: symbol.$d.present (GNU ld adds one to each section of data that has no mapping symbol)
//# options: --gc-sections
# What nothing refers to goes, its unwind entries with it.
        .syntax unified
        .arch armv7-a
        .globl _start
        .arm
_start: .fnstart
        bl used
        ldr r0, =word
        .cantunwind
        .fnend
        .section .text.used, "ax"
        .globl used
used:   .fnstart
        bx lr
        .cantunwind
        .fnend
        .section .text.dead, "ax"
dead:   .fnstart
        bl other
        .cantunwind
        .fnend
        .section .text.other, "ax"
other:  bx lr
        .section .data.word, "aw"
word:   .word other2
        .section .text.other2, "ax"
other2: bx lr
        .section .data.dead, "aw"
        .word 1
//# script: inline
ENTRY(_start)
SECTIONS
{
  . = 0x400000;
  .text : { *(.text) *(.text.*) }
  .ARM.exidx : { *(.ARM.exidx*) }
  .data : { *(.data.*) }
  /DISCARD/ : { *(.note.GNU-stack) }
}
