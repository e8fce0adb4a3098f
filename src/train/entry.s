# The training link's first object: what a kernel object has, once or a few hundred times each, so that the AOT cache
# sees every kind of section, symbol and relocation that x86_64 kernels bring.

        .section .head.text, "ax"
        .globl  startup_64
        .type   startup_64, @function
startup_64:
        leaq    stack_top(%rip), %rsp
        movq    $table, %rdi                    # R_X86_64_32S
        movl    $per_cpu_counter, %esi              # R_X86_64_32
        movabsq $table, %rax                    # R_X86_64_64
        call    work                            # R_X86_64_PLT32
        movq    far_data@GOTPCREL(%rip), %rcx   # R_X86_64_REX_GOTPCRELX, relaxed
        movq    %gs:per_cpu_counter(%rip), %rdx
        call    missing_weak
        hlt
        .size   startup_64, . - startup_64
        .weak   missing_weak

        .section .rodata.str1.1, "aMS", @progbits, 1
message:
        .asciz  "a message"
        .asciz  "another message"

        .data
        .balign 64
        .globl  table
        .type   table, @object
table:
        .quad   work
        .quad   message
        .long   work - .
        .quad   far_data - .                    # R_X86_64_PC64
        .size   table, . - table

        .section .data..percpu, "aw"
        .globl  per_cpu_counter
        .type   per_cpu_counter, @object
per_cpu_counter:
        .quad   0
        .size   per_cpu_counter, 8

        .bss
        .space  4096
stack_top:
        .comm   common_buffer, 256, 32

        .section .note.train, "a", @note
        .long   6, 4, 1
        .asciz  "train"
        .balign 4
        .long   0

        .section .discard.train, "a"
        .quad   work

        .data
        .globl  main_extable_sort_needed
        .type   main_extable_sort_needed, @object
main_extable_sort_needed:
        .long   1
        .size   main_extable_sort_needed, 4

        # A section mismatch, if anyone looks: text that refers to init text.
        .text
        call    startup_init
        .section .init.text, "ax"
        .type   startup_init, @function
startup_init:
        call    on_demand                       # from library.a
        ret
        .size   startup_init, . - startup_init
