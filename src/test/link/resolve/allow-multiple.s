//# options: -z muldefs
//# compare: ld ld.lld
        .globl _start
_start: jmp twice
        .globl twice
twice:  ret
//# object: b.o
        .globl twice
        nop
twice:  ret
