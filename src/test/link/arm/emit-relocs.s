//# machine: arm
//# compare: ld
//# ignore: symbol.$d.present (GNU ld adds one to each section of data that has no mapping symbol)
//# options: --emit-relocs
# Kept relocations have no addends, as in the objects.
        .syntax unified
        .arch armv7-a
        .globl _start
        .arm
_start: bl callee
        ldr r0, =data + 4
        movw r0, #:lower16:data
        movt r0, #:upper16:data
        .data
data:   .word _start, local + 8, callee - .
local:  .word 0
//# object: b.o
        .syntax unified
        .arch armv7-a
        .globl callee
        .arm
callee: bx lr
