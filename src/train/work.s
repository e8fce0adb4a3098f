# The training link's bulk: functions, strings, table entries, exports. Assembled some hundred times, each with another
# PART and with COUNT functions, so that there is work for every thread and for the JVM's compiler.

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
        .section .altinstructions, "a"
        .long   1b - ., 2b - .
        .section .debug_info, "", @progbits
        .quad   1b
        .long   .debug_str
        .endm

        # Sections and names as EXPORT_SYMBOL makes them: a section per export, sorted by name.
        .macro  export part, number
        .section __ksymtab_strings, "aMS", @progbits, 1
__kstrtab_work_\part\()_\number:
        .asciz  "work_\part\()_\number"
__kstrtabns_work_\part\()_\number:
        .asciz  ""
        .section ___ksymtab+work_\part\()_\number, "a"
        .balign 4
__ksymtab_work_\part\()_\number:
        .long   work_\part\()_\number - ., __kstrtab_work_\part\()_\number - ., __kstrtabns_work_\part\()_\number - .
        .endm

        .macro  functions part, from, to
        number = \from
        .rept   \to - \from
        function \part %number
        .ifeq   number - number / 8 * 8
        export \part %number
        .endif
        number = number + 1
        .endr
        .endm

        functions %PART 0 COUNT

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
        .section .exit.text, "ax"
        ret
        # strings that end like one another, at addresses that are multiples of 8
        .section .rodata.str1.8, "aMS", @progbits, 1
        .balign 8
        .asciz  "a longer string of a training link"
        .balign 8
        .asciz  "string of a training link"
        .section .rodata.cst8, "aM", @progbits, 8
        .quad   42, 43
        .section .data, "aw"
        .quad   work
        .section .rodata, "a"
        .quad   helper, string_1 + 3
        .section .data..read_mostly, "aw"
        .long   PART
        .section .modinfo, "a"
        .asciz  "work.file=train/work"
        .asciz  "work.license=GPL"

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
