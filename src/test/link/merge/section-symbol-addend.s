//# compare: ld
# Through a section symbol the addend says which string is meant, with -4 of a PC-relative site taken into account.
        .globl _start
_start: lea .rodata.str1.1+6(%rip), %rax
        mov $.rodata.str1.1+6, %edi
        ret
        .section .rodata.str1.1, "aMS", @progbits, 1
        .asciz "first"
        .asciz "second"
//# object: b.o
        .section .rodata.str1.1, "aMS", @progbits, 1
        .asciz "other"
        .asciz "second"
        .text
        lea .rodata.str1.1+6(%rip), %rax
        mov $.rodata.str1.1+8, %edi
