# Bulk for an arm64 kernel in small (-shared -Bsymbolic): functions, tables of addresses. Assembled some dozen times, each with another PART
# and with COUNT functions.

        .altmacro
        .macro  function part, number
        .section .text, "ax"
        .balign 16
        .globl  work_\part\()_\number
        .type   work_\part\()_\number, %function
work_\part\()_\number:
1:      adrp    x0, string_\number
        add     x0, x0, :lo12:string_\number
        adrp    x1, word_\part\()_\number
        ldr     x1, [x1, :lo12:word_\part\()_\number]
        bl      work
        bl      distant
        cbz     x0, 2f
        b       helper
2:      ret
        .size   work_\part\()_\number, . - work_\part\()_\number
        .data
        .balign 8
        .globl  word_\part\()_\number
word_\part\()_\number:
        .quad   work_\part\()_\number
        .section .rodata.str1.1, "aMS", %progbits, 1
string_\number:
        .asciz  "string \number of a training link"
        .section __ex_table, "a"
        .long   1b - ., 2b - ., 0
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
helper: ret

        .ifeq   PART
        .globl  _start, work
        .type   work, %function
_start:
work:   ret
        .section .far.text, "ax"
        .globl  distant
        .type   distant, %function
distant:
        bl      work
        ret
        .data
        .balign 8
        .weak   missing
        .quad   missing, work
        .globl  main_extable_sort_needed
        .type   main_extable_sort_needed, %object
main_extable_sort_needed:
        .long   1
        .size   main_extable_sort_needed, 4
        .endif
