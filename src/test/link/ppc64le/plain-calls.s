//# machine: powerpc64le
//# compare: ld
//# audit:
//# script: inline
ENTRY(_start)
SECTIONS
{
  . = 0x10000000;
  .text : { *(.text .text.*) }
  .init.text 0x12000000 : { *(.init.text) }
  .branch_lt : { *(.branch_lt) }
  .got : ALIGN(256) { *(.got .toc) }
  .data : { *(.data) }
  /DISCARD/ : { *(.note.GNU-stack .glink .rela.plt .plt .iplt) }
}
//# object: a.o
# Calls between code that counts from r2 and code that has none, near and far, of functions with two entry points, with one, and of those that keep no r2. Objects have Power10 code,
# so veneers have, and each of the two kinds of code has its own.
        .machine power10
        .globl _start
_start: bl local_plain
        nop
        bl local_toc@notoc
        bl local_toc+4@notoc
        bl plain
        nop
        bl toc@notoc
        bl far_plain@notoc
        bl far_plain
        nop
        bl far_plain
        ld 2, 24(1)
        bl inner
        b local_toc@notoc
        bl far_toc
        nop
        bl far_toc@notoc
        bl plain@notoc
        bl zero@notoc
        bl zero
        bl far_zero@notoc
        bl far_zero
        .ifdef power9
        nop
        .else
        pla 3, _start@pcrel
        .endif
        .type inner, @function
inner:  .localentry inner, 1
        blr
        .section .text.b,"ax"
        .type local_plain, @function
local_plain: .localentry local_plain, 1
        blr
        .type local_toc, @function
local_toc: addis 2, 12, .TOC. - local_toc@ha
        addi 2, 2, .TOC. - local_toc@l
        .localentry local_toc, . - local_toc
        bl local_plain
        nop
        bl local_toc@notoc
        blr
        .section .toc,"aw"
        .quad _start
//# object: b.o
        .globl plain, toc, zero
        .machine power10
        .type plain, @function
plain:  .localentry plain, 1
        bl toc@notoc
        bl far_plain@notoc
        blr
        .type toc, @function
toc:    addis 2, 12, .TOC. - toc@ha
        addi 2, 2, .TOC. - toc@l
        .localentry toc, . - toc
        bl far_plain
        nop
        blr
zero:   blr
//# object: c.o
        .machine power10
        .globl far_plain, far_toc, far_zero
        .section .init.text,"ax"
        .type far_plain, @function
far_plain: .localentry far_plain, 1
        bl _start
        nop
        bl toc@notoc
        bl plain
        cror 31, 31, 31
        bl plain@notoc
        bl far_toc@notoc
        blr
        .type far_toc, @function
far_toc: addis 2, 12, .TOC. - far_toc@ha
        addi 2, 2, .TOC. - far_toc@l
        .localentry far_toc, . - far_toc
        bl far_plain
        cror 15, 15, 15
        blr
far_zero: blr
