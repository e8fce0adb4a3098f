//# machine: arm
//# audit:
//# compare: ld
//# script: inline
ENTRY(_start)
SECTIONS
{
  . = 0x400000;
  .text : { *(.text) *(.text.*) }
  .ARM.exidx : { *(.ARM.exidx*) }
  .ARM.extab : { *(.ARM.extab*) }
  /DISCARD/ : { *(.note.GNU-stack) }
}
//# object: a.o
# Code without entries is said not to unwind, entries that repeat the one before go, and the last is followed by an end.
        .syntax unified
        .arch armv7-a
        .globl _start, __aeabi_unwind_cpp_pr0, __aeabi_unwind_cpp_pr1
        .arm
_start: .fnstart
        push {r4, lr}
        .save {r4, lr}
        pop {r4, pc}
        .fnend
same:   .fnstart
        push {r4, lr}
        .save {r4, lr}
        pop {r4, pc}
        .fnend
leaf:   .fnstart
        bx lr
        .cantunwind
        .fnend
leaf2:  .fnstart
        bx lr
        .cantunwind
        .fnend
        .section .text.b, "ax"
        .fnstart
        push {r4, r5, r6, lr}
        .save {r4, r5, r6, lr}
        pop {r4, r5, r6, pc}
        .fnend
__aeabi_unwind_cpp_pr0: bx lr
__aeabi_unwind_cpp_pr1: bx lr
//# object: b.o
        .syntax unified
        .arch armv7-a
        .arm
        .section .text.none, "ax"
        bx lr
        .section .text.empty, "ax"
        .section .text.c, "ax"
        nop
        .fnstart
        push {r4, lr}
        .save {r4, lr}
        .pad #2000
        sub sp, sp, #2000
        pop {r4, pc}
        .personality handler
        .handlerdata
        .word 1
        .fnend
        .section .text.d, "ax"
        .fnstart
        push {r4, lr}
        .save {r4, lr}
        pop {r4, pc}
        .fnend
        .globl handler
handler: bx lr
//# object: c.o
        .syntax unified
        .arch armv7-a
        .arm
        .text
        .fnstart
        push {r4, lr}
        .save {r4, lr}
        pop {r4, pc}
        .fnend
