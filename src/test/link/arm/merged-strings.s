//# machine: arm
//# audit:
//# compare: ld
//# ignore: symbol.$d.present (GNU ld adds one to each section of data that has no mapping symbol)
# Words that refer to strings hold offsets into an object's section of them, of which nothing is left.
        .syntax unified
        .arch armv7-a
        .globl _start
        .arm
_start: ldr r0, =.Lone
        movw r1, #:lower16:.Ltwo
        movt r1, #:upper16:.Ltwo
        .word .Lone, .Ltwo, .Ltwo + 2
        .section .rodata.str, "aMS", %progbits, 1
.Lone:  .asciz "one string"
.Ltwo:  .asciz "string"
//# object: b.o
        .syntax unified
        .arch armv7-a
        .arm
        .word .Lone, .Ltwo
        .section .rodata.str, "aMS", %progbits, 1
.Lone:  .asciz "one string"
.Ltwo:  .asciz "another string"
