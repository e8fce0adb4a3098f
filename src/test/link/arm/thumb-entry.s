//# machine: arm
//# audit:
//# compare: ld
//# script: inline
ENTRY(_start)
alias = code;
SECTIONS
{
  . = 0x400000;
  .text : { *(.text) inside = code; beyond = code + 2; }
  /DISCARD/ : { *(.note.GNU-stack) }
}
//# object: a.o
# The entry point and names of the script for a Thumb function say that it is one.
        .syntax unified
        .arch armv7-a
        .thumb
        .globl _start, code
        .thumb_func
_start: nop
        .thumb_func
code:   bl code
        .balign 4
        .word alias, inside, beyond, code
        .arm
        .type arm, %function
arm:    bl alias
        bl inside
