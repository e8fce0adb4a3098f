//# compare: ld ld.lld
# Local and global targets, section symbols with addends, forward and backward, across files.
        .globl _start, here
_start: call there
        jmp local
        lea there(%rip), %rax
        movl $1, there+4(%rip)
        mov $there, %rdi
        mov $there, %edi
        movabs $there, %rdi
        mov there, %al
here:   ret
local:  ret
        .data
        .quad there, there - 8, here + 1, .rodata + 4
        .long there - .
        .quad there - .
        .section .rodata
        .quad 1
//# object: b.o
        .data
        .globl there
there:  .quad here
        .quad there
        .long here - there
        .section .rodata
        .quad there
