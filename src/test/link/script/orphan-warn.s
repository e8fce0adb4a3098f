//# options: --orphan-handling=warn
//# compare: ld
//# expect-warning: orphan section `.mystery' from `a.o' being placed in section `.mystery'
        .globl _start
_start: ret
        .section .mystery, "a"
        .quad 1
