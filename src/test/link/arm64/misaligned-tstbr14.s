//# machine: aarch64
//# differs: ld link (drops the low bits)
//# differs: ld.lld link (drops the low bits)
//# expect-error: target is not aligned as the instruction needs it: R_AARCH64_TSTBR14 against edge
//# expect-error: at a.o:(.text+0x0)
        .globl _start
_start: tbz w0, #1, edge
//# object: b.o
        .globl edge
        .set edge, 0x400103
