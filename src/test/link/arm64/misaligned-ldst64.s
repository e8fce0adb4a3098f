//# machine: aarch64
//# compare: ld ld.lld
//# expect-error: target is not aligned as the instruction needs it: R_AARCH64_LDST64_ABS_LO12_NC against edge
//# expect-error: at a.o:(.text+0x0)
        .globl _start
_start: ldr x0, [x1, :lo12:edge]
//# object: b.o
        .globl edge
        .set edge, 0x401004
