//# machine: arm
//# audit:
//# compare: ld
//# ignore: symbol.$d.present (GNU ld adds one to each section of data that has no mapping symbol)
# Words, pairs of moves and branches of both modes, to code of both modes, to data and to nothing; addends stand in the code.
        .syntax unified
        .arch armv7-a
        .text
        .globl _start
        .type _start, %function
        .arm
_start: bl f_arm
        bl f_thumb
        blx f_thumb
        bl f_label
        beq f_arm
        b f_arm
        movw r0, #:lower16:f_thumb
        movt r0, #:upper16:f_thumb
        movw r0, #:lower16:data+3
        movt r0, #:upper16:data+3
        movw r1, #:lower16:(data - . - 8)
        movt r1, #:upper16:(data - . - 4)
        bl undef
        b undef
        beq undef
        ldr r0, =f_thumb
        ldr r0, data_local
        adr r1, data_local
        .pool
data_local: .word f_thumb, f_arm, data, f_thumb - ., data - ., undef
        .type tcode, %function
        .thumb
        .thumb_func
tcode:  bl f_arm
        bl f_thumb
        blx f_arm
        b.w f_thumb
        beq.w f_thumb
        bl f_label
        movw r0, #:lower16:f_thumb
        movt r0, #:upper16:f_thumb
        movw r0, #:lower16:data-300
        movt r0, #:upper16:data-300
        b f_near
        beq f_near
        bl undef
        b.w undef
        bl undef
        nop
        .weak undef
        .globl f_near
        .thumb_func
f_near: bx lr
        .data
        .globl data
data:   .word 1, tcode, f_near, tcode + 2
        .hword 4
//# object: b.o
        .syntax unified
        .arch armv7-a
        .text
        .globl f_arm, f_thumb, f_label
        .arm
        .type f_arm, %function
f_arm:  bx lr
        .thumb
        .type f_thumb, %function
        .thumb_func
f_thumb: bx lr
        nop
f_label: bx lr
