//# machine: aarch64
//# compare: ld ld.lld
//# expect-error: target is not aligned as the instruction needs it: R_AARCH64_LD_PREL_LO19 against edge
//# expect-error: at a.o:(.text+0x0)
        .globl _start
_start: ldr x0, edge
//# object: b.o
        .globl edge
        .set edge, 0x400102
