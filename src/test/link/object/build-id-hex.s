//# options: --build-id=0x0123456789abcdef
//# compare: ld
        .globl _start
_start: ret
