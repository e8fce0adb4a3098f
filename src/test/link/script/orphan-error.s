//# options: --orphan-handling=error
//# compare: ld
//# expect-error: unplaced orphan section `.mystery' from `a.o'
        .globl _start
_start: ret
        .section .mystery, "a"
        .quad 1
