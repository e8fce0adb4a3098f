//# machine: arm
//# options: -r
//# expect-error: no room for an addend: R_ARM_MOVW_ABS_NC against .data
//# expect-error: at b.o:(.text+0x0)
# A MOVW holds an addend of 16 bits, sign included; merged, the section's part begins farther on. GNU ld cuts it off without a word.
        .syntax unified
        .arch armv7-a
        .data
        .space  0x8000
//# object: b.o
        .syntax unified
        .arch armv7-a
        .text
        movw    r0, #0
        .reloc  0, R_ARM_MOVW_ABS_NC, .data
        .data
        .word   1
