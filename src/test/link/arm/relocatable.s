//# machine: arm
//# args: -r a.o b.o
//# compare: ld
//# ignore: symbol.$d.present (GNU ld adds one to each section of data that has no mapping symbol)
//# ignore: content..group (numbers of sections, which stand in another order)
//# expect-symbol: _start section=.text
        .syntax unified
        .arch armv7-a
        .text
        .globl  _start
        .type   _start, %function
        .fnstart
_start: bl      local
        bl      other
        b       local
        bleq    local
        blx     local
        bl      thumb
        movw    r0, #:lower16:local
        movt    r0, #:upper16:local
        movw    r0, #:lower16:(local - . - 8)
        movt    r0, #:upper16:(local - . - 8)
        ldr     r0, [pc, #4]
        bx      lr
        .cantunwind
        .fnend
        .word   local, local + 4, local - ., text
        .word   other(GOTOFF), local(TARGET1)
        .section .text.local, "ax"
        .space  8
        .type   local, %function
        .fnstart
local:  push    {r4, lr}
        .save   {r4, lr}
        bl      in_group
        pop     {r4, pc}
        .fnend
        .thumb
        .thumb_func
        .type   thumb, %function
thumb:  bl      local
        bl      thumb2
        b.w     thumb2
        beq.w   thumb2
        movw    r0, #:lower16:thumb2
        movt    r0, #:upper16:thumb2
        bx      lr
        .section .text.thumb, "ax"
        .thumb_func
        .type   thumb2, %function
thumb2: bx      lr
        .arm
        .section .text.group, "axG", %progbits, thegroup, comdat
        .weak   in_group
        .type   in_group, %function
        .fnstart
in_group: bx    lr
        .fnend
        .section .rodata.str1.1, "aMS", %progbits, 1
text:   .asciz  "hello"
        .data
        .word   text, local, in_group
        .comm   shared, 16, 8
        .section .debug_info, "", %progbits
        .word   local, _start
        .section .note.GNU-stack, "", %progbits
//# object: b.o
        .syntax unified
        .arch armv7-a
        .fpu neon
        .text
        .globl  other
        .type   other, %function
other:  bl      _start
        b       near
        .section .text.more, "ax"
        .fnstart
near:   push    {r4, r5, lr}
        .save   {r4, r5, lr}
        .pad    #8
        sub     sp, sp, #8
        bl      near
        .handlerdata
        .word   near
        .fnend
        .text
        .fnstart
second: bl      near
        .save   {r4, lr}
        .fnend
        .word   second, table
        .section .text.local, "ax"
        .fnstart
again:  bl      again
        b       second
        .cantunwind
        .fnend
        .section .text.group, "axG", %progbits, thegroup, comdat
        .weak   in_group
        .type   in_group, %function
        .fnstart
in_group: bx    lr
        .fnend
        .section .rodata.str1.1, "aMS", %progbits, 1
table:  .asciz  "hello"
        .asciz  "world"
        .data
        .word   table, again, in_group
        .comm   shared, 32, 8
        .section .debug_info, "", %progbits
        .word   again, near, table
        .section .note.GNU-stack, "", %progbits
