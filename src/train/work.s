# The training link's bulk: some thousand functions, strings, table entries. Assembled several times with another PART,
# so that there is work for more than one thread.

        .altmacro
        .macro  name_of prefix, part, number
        .globl  \prefix\()_\part\()_\number
        .type   \prefix\()_\part\()_\number, @function
\prefix\()_\part\()_\number:
        .endm

        .macro  function part, number
        .section .text, "ax"
        .balign 16
        name_of work \part \number
1:      movl    $\number, %eax
        leaq    string_\number(%rip), %rdi
        call    work
        jmp     helper
2:      ret
        .size   work_\part\()_\number, . - work_\part\()_\number
        .section .rodata.str1.1, "aMS", @progbits, 1
string_\number:
        .asciz  "string \number of a training link"
        .section __ex_table, "a"
        .long   1b - ., 2b - ., 0
        .section .orc_unwind_ip, "a"
        .long   1b - ., 2b - .
        .section .orc_unwind, "a"
        .space  12
        .section __mcount_loc, "a"
        .quad   1b
        .section ___ksymtab+work_\part\()_\number, "a"
        .long   1b - ., string_\number - .
        .endm

        .macro  functions part, from, to
        number = \from
        .rept   \to - \from
        function \part %number
        number = number + 1
        .endr
        .endm

        functions %PART 0 1000

        .text
helper: ret

        .section .text.once, "axG", @progbits, once, comdat
        .weak   once
once:   ret

        .section .init.text, "ax"
init:   call    work
        ret
        .section .initcall6.init, "a"
        .long   init - .
        .section .init.data, "aw"
        .quad   init

        .ifeq   PART
        .text
        .globl  work
        .type   work, @function
work:   ret
        .size   work, . - work
        .data
        .globl  far_data
far_data:
        .quad   common_buffer
        .endif

        .section .debug_str, "MS", @progbits, 1
        .asciz  "a name in debug information"
        .section .debug_info, "", @progbits
        .quad   init
        .long   .debug_str
        .ident  "train"
