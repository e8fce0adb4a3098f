//# options: -e other
//# compare: ld ld.lld
        .globl _start, other
_start: ret
other:  ret
