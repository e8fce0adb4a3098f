//# args: -r a.o b.o
//# compare: ld
//# ignore: section..note.GNU-stack.present (klink drops empty sections)
//# ignore: section-symbol..note.GNU-stack.present (the same)
        .globl _start
_start: call there
        lea .LC0(%rip), %rax
        .section .rodata.str1.1, "aMS", @progbits, 1
.LC0:   .asciz "string"
        .data
        .quad .LC0, _start
//# object: b.o
        .globl there
there:  ret
        .section .rodata.str1.1, "aMS", @progbits, 1
.LC0:   .asciz "string"
        .data
        .quad .LC0, there
