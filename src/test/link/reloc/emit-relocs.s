//# options: --emit-relocs
//# compare: ld
# What x86's `relocs` tool reads: offsets become addresses, section symbols those of output sections.
        .globl _start, here
_start: call there
        lea local(%rip), %rax
        mov $there, %rdi
here:   ret
local:  ret
        .data
        .quad there, local, .rodata + 4
        .long there - .
        .weak nowhere
        .quad nowhere
        .section .rodata
        .quad 1
//# object: b.o
        .data
        .globl there
there:  .quad here
local:  .quad local
        .section .rodata
        .quad there
