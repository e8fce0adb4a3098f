//# options: --orphan-handling=discard
//# compare: ld
//# expect-section: .mystery absent
        .globl _start
_start: ret
        .section .mystery, "a"
        .quad 1
