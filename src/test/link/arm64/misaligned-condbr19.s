//# machine: aarch64
//# compare: ld.lld
//# differs: ld link (drops the low bits)
//# expect-error: target is not aligned as the instruction needs it: R_AARCH64_CONDBR19 against edge
//# expect-error: at a.o:(.text+0x0)
        .globl _start
_start: b.eq edge
//# object: b.o
        .globl edge
        .set edge, 0x400102
