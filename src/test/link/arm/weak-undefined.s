//# machine: arm
//# audit:
//# compare: ld
//# ignore: symbol.$d.present (GNU ld adds one to each section of data that has no mapping symbol)
# A weak symbol that nothing defines: branches go on with the next instruction, the rest takes it for 0.
        .syntax unified
        .arch armv7-a
        .globl _start
        .weak nowhere
        .arm
_start: bl nowhere
        b nowhere
        blne nowhere
        movw r0, #:lower16:nowhere
        movt r0, #:upper16:nowhere
        .thumb
        bl nowhere
        b.w nowhere
        movw r0, #:lower16:nowhere
        movt r0, #:upper16:nowhere
        .data
        .word nowhere, nowhere + 4, nowhere - .
