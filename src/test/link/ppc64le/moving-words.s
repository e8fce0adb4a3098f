//# machine: powerpc64le
//# script: moving.lds
//# options: -pie -z notext --no-toc-optimize
//# compare: ld
//# ignore: section..got.entsize (nobody reads it)
# Which words get a RELATIVE entry: whole addresses of what moves with the image, in the table of contents too.
        .globl _start, shown, number
        .weak hidden_nothing
        .hidden hidden_nothing
_start: addis 2, 12, .TOC. - _start@ha
        addi 2, 2, .TOC. - _start@l
        .localentry _start, . - _start
        bl shown
        nop
        addis 3, 2, .Lentry@toc@ha
        ld 3, .Lentry@toc@l(3)
        addis 3, 2, local@toc@ha
        addi 3, 3, local@toc@l
        blr
shown:  blr
        .section .toc,"aw"
.Lentry: .quad local
        .quad number
        .quad hidden_nothing
        .data
local:  .quad _start, shown + 8, number, hidden_nothing, local - ., _text, elsewhere + 16
        .quad .Lstring + 1, .TOC.
        .quad local
        .section .rodata.str1.1,"aMS",@progbits,1
        .asciz "before"
.Lstring: .asciz "a string"
        .set number, 0x4321
//# object: b.o
        .section .toc,"aw"
        .quad elsewhere
        .data
        .globl elsewhere
elsewhere: .quad _start, 7
        .comm common, 8, 8
        .quad common
