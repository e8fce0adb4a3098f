//# args: -r --unique=.text* --unique=.rodata.k a.o b.o
//# compare: ld
//# ignore: section..note.GNU-stack.present (klink drops empty sections)
//# ignore: section-symbol..note.GNU-stack.present (the same)
        .globl _start
_start: call there
        .section .text.hot, "ax"
        .globl warm
warm:   jmp _start
        .section .rodata.k, "a"
        .quad _start
        .data
        .quad there
//# object: b.o
        .globl there
there:  ret
        .section .text.hot, "ax"
        call warm
        .section .rodata.k, "a"
        .quad there
        .data
        .quad _start
