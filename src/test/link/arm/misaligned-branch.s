//# machine: arm
//# expect-error: target is not aligned as the instruction needs it: R_ARM_JUMP24 against odd
        .syntax unified
        .arch armv7-a
        .globl _start
        .arm
_start: b odd
//# object: b.o
        .globl odd
        .set odd, 0x400102
