//# compare: ld
# Undefined and weak is 0, in whatever form; a PC-relative reference is within reach only near 0.
        .globl _start
        .weak nowhere
_start: mov $nowhere, %rax
        mov nowhere@GOTPCREL(%rip), %rcx
        test %rax, %rax
        jz 1f
        call nowhere
1:      lea nowhere(%rip), %rdx
        .data
        .quad nowhere
        .long nowhere
