//# options: --gc-sections
//# compare: ld
        .section .text.start, "ax"
        .globl _start
_start: lea __start_table(%rip), %rax
        ret
        .section table, "aw"
        .quad 1
        .section other_table, "aw"
        .quad 2
