//# machine: aarch64
//# compare: ld
//# differs: ld.lld content..text (branches to the next instruction instead)
# A weak symbol that nothing defines: calls go on with the next instruction, distances are to the place, addresses are 0.
        .globl _start
        .weak nowhere
_start: bl nowhere
        b nowhere
        adrp x0, nowhere
        add x0, x0, :lo12:nowhere
        ldr x1, [x0, :lo12:nowhere]
        adr x2, nowhere
        ldr x3, nowhere
        movz x4, #:abs_g0:nowhere
        .balign 8
        .data
        .quad nowhere, nowhere + 4
        .word nowhere
        .hword nowhere
