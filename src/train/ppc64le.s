# Bulk for a powerpc kernel in small (-pie): functions with two entry points, which reach data by way of the table of contents, and tables
# of addresses. Assembled some dozen times, each with another PART and with COUNT functions.

        .abiversion 2
        .altmacro
        .macro  function part, number
        .section .text, "ax"
        .balign 16
        .globl  work_\part\()_\number
        .type   work_\part\()_\number, @function
work_\part\()_\number:
0:      addis   2, 12, .TOC. - 0b@ha
        addi    2, 2, .TOC. - 0b@l
        .localentry work_\part\()_\number, . - 0b
1:      addis   9, 2, string_\number@toc@ha
        addi    9, 9, string_\number@toc@l
        addis   10, 2, .Lentry_\number@toc@ha
        ld      10, .Lentry_\number@toc@l(10)
        bl      work
        nop
        bl      distant
        nop
        beq     2f
        b       helper
2:      blr
        .size   work_\part\()_\number, . - work_\part\()_\number
        .section .toc, "aw"
.Lentry_\number:
        .tc     word_\part\()_\number[TC], word_\part\()_\number
        .data
        .balign 8
        .globl  word_\part\()_\number
word_\part\()_\number:
        .quad   work_\part\()_\number
        .section .rodata.str1.1, "aMS", @progbits, 1
string_\number:
        .asciz  "string \number of a training link"
        .section __ex_table, "a"
        .long   1b - ., 2b - .
        .section .altinstructions, "a"
        .long   1b - ., 2b - .
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
helper: blr

        .ifeq   PART
        .globl  _start, work
        .type   work, @function
_start:
work:   blr
        .section .far.text, "ax"
        .globl  distant
        .type   distant, @function
distant:
0:      addis   2, 12, .TOC. - 0b@ha
        addi    2, 2, .TOC. - 0b@l
        .localentry distant, . - 0b
        bl      work
        nop
        blr
        .data
        .balign 8
        .weak   missing
        .quad   missing, work
        .globl  main_extable_sort_needed
        .type   main_extable_sort_needed, @object
main_extable_sort_needed:
        .long   1
        .size   main_extable_sort_needed, 4
        .endif
