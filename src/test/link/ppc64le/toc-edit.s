//# machine: powerpc64le
//# script: moving.lds
//# options: -pie -z notext --no-toc-sort
//# compare: ld
//# ignore: section..got.entsize (nobody reads it)
# Words of the table of contents that go: what the linker reaches without them, and what only discarded code names. What a load of
# another kind names stays, as what is weak and nowhere, and what the script defines between sections.
        .globl _start, shown, number
        .weak nothing
_start: addis 2, 12, .TOC. - _start@ha
        addi 2, 2, .TOC. - _start@l
        .localentry _start, . - _start
        addis 3, 2, .Ldirect@toc@ha
        ld 3, .Ldirect@toc@l(3)
        addis 4, 2, .Ltwice@toc@ha
        ld 4, .Ltwice@toc@l(4)
        addis 5, 2, .Ltwice@toc@ha
        ld 6, .Ltwice@toc@l(5)
        addis 3, 2, .Lstored@toc@ha
        std 3, .Lstored@toc@l(3)
        addis 3, 2, .Lnothing@toc@ha
        ld 3, .Lnothing@toc@l(3)
        addis 3, 2, .Lscript@toc@ha
        ld 3, .Lscript@toc@l(3)
        addis 3, 2, .Lend@toc@ha
        ld 3, .Lend@toc@l(3)
        addis 3, 2, .Lstring@toc@ha
        ld 3, .Lstring@toc@l(3)
        addis 3, 2, .Lnumber@toc@ha
        ld 3, .Lnumber@toc@l(3)
        addis 3, 2, .Lalias@toc@ha
        ld 3, .Lalias@toc@l(3)
        addis 3, 2, .Lplain@toc@ha
        ld 3, .Lplain@toc@l(3)
        addis 3, 2, local@toc@ha
        addi 3, 3, local@toc@l
        blr
shown:  blr
        .section .toc,"aw"
.Ldirect: .quad local
.Ltwice: .quad shown
.Lunused: .quad local + 8
.Lstored: .quad local
.Lnothing: .quad nothing
.Lscript: .quad _text
.Lend: .quad _end
.Lstring: .quad .Ltext
.Lnumber: .quad number
.Lalias: .quad elsewhere
.Lplain: .quad 0x1234
        .data
local:  .quad _start, number, nothing
        .section .rodata.str1.1,"aMS",@progbits,1
        .asciz "before"
.Ltext: .asciz "a string"
        .set number, 0x4321
        .section .discard.text,"ax"
        addis 3, 2, .Lunused@toc@ha
        ld 3, .Lunused@toc@l(3)
//# object: b.o
# A load with 16 bits keeps all words of its object.
        .text
        ld 3, .Lsmall@toc(2)
        addis 4, 2, .Lkept@toc@ha
        ld 4, .Lkept@toc@l(4)
        .section .toc,"aw"
.Lsmall: .quad elsewhere
.Lkept: .quad elsewhere
        .data
        .globl elsewhere
elsewhere: .quad _start, 7
//# object: c.o
# An instruction that is not what compilers write: none of the object is shortened.
        .text
        addis 3, 2, .Lword@toc@ha
        stdu 4, .Lword@toc@l(3)
        addis 4, 2, .Lother@toc@ha
        ld 4, .Lother@toc@l(4)
        .section .toc,"aw"
.Lword: .quad elsewhere
.Lother: .quad elsewhere
