//# compare: ld ld.lld
        .globl _start, f, o, abs
        .type f, @function
        .type o, @object
_start: ret
f:      ret
        .size f, . - f
        .data
o:      .quad 1
        .size o, 8
        .set abs, 0x123456789
        .globl alias
        alias = o + 4
