# Bulk for an arm kernel in small: functions with unwind entries, every fourth of them Thumb code, tables of addresses. Assembled some dozen
# times, each with another PART and with COUNT functions.

        .syntax unified
        .arch   armv7-a
        .altmacro
        .macro  function part, number
        .section .text, "ax"
        .balign 16
        .ifeq   number - number / 4 * 4
        .thumb
        .else
        .arm
        .endif
        .globl  work_\part\()_\number
        .type   work_\part\()_\number, %function
work_\part\()_\number:
        .fnstart
1:      push    {r4, lr}
        .save   {r4, lr}
        movw    r0, #:lower16:string_\number
        movt    r0, #:upper16:string_\number
        ldr     r1, =word_\part\()_\number
        bl      work
        bl      distant
        beq     helper
2:      pop     {r4, pc}
        .ltorg
        .fnend
        .size   work_\part\()_\number, . - work_\part\()_\number
        .data
        .balign 4
        .globl  word_\part\()_\number
word_\part\()_\number:
        .long   work_\part\()_\number
        .section .rodata.str1.1, "aMS", %progbits, 1
string_\number:
        .asciz  "string \number of a training link"
        .section __ex_table, "a"
        .long   1b, 2b
        .endm

        .macro  functions part, count
        number = 0
        .rept   \count
        function \part, %number
        number = number + 1
        .endr
        .endm
        functions %PART, COUNT

        .section .text, "ax"
        .thumb
        .balign 4
        .type   helper, %function
helper: bx      lr

        .ifeq   PART
        .arm
        .globl  _start, work
        .type   work, %function
_start:
work:   bx      lr
        .section .far.text, "ax"
        .globl  distant
        .type   distant, %function
distant:
        b       work
        .data
        .long   work
        .globl  main_extable_sort_needed
        .type   main_extable_sort_needed, %object
main_extable_sort_needed:
        .long   1
        .size   main_extable_sort_needed, 4
        .endif
