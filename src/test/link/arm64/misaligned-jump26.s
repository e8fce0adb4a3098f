//# machine: aarch64
//# differs: ld link (drops the low bits)
//# differs: ld.lld link (drops the low bits)
//# expect-error: target is not aligned as the instruction needs it: R_AARCH64_JUMP26 against edge
//# expect-error: at a.o:(.text+0x0)
        .globl _start
_start: b edge
//# object: b.o
        .globl edge
        .set edge, 0x401001
