//# machine: powerpc64le
//# options: --no-toc-optimize
//# compare: ld
//# script: inline
ENTRY(_start)
SECTIONS
{
  . = 0x100000000000;
  .text : { *(.text) }
  .got 0x100020000000 : { *(.got .toc) }
  /DISCARD/ : { *(.note.GNU-stack .glink .rela.plt .plt .iplt .branch_lt) }
}
//# object: a.o
# A call goes to the local entry point, which st_other gives; an address is that of the global one.
        .globl _start, mine, alias, weak_one
        .weak nothing, weak_one
_start: bl here
        bl mine
        bl there
        bl alias
        bl weak_one
        bl plain
        bl nothing
        beq there
        b far_entry
        bl .text + 8
        .balign 8
        .quad here, mine, there, plain, nothing, alias, far_entry
        .long there - .
        .type here, @function
here:   addis 2, 12, .TOC. - here@ha
        addi 2, 2, .TOC. - here@l
        .localentry here, . - here
        blr
        .type mine, @function
mine:   addis 2, 12, .TOC. - mine@ha
        addi 2, 2, .TOC. - mine@l
        .localentry mine, . - mine
        blr
        .set alias, mine
        .type weak_one, @function
weak_one: nop
        .localentry weak_one, . - weak_one
        blr
//# object: b.o
        .globl there, plain, weak_one, far_entry
        .type there, @function
there:  addis 2, 12, .TOC. - there@ha
        addi 2, 2, .TOC. - there@l
        .localentry there, . - there
        blr
plain:  blr
        .type weak_one, @function
weak_one: addis 2, 12, .TOC. - weak_one@ha
        addi 2, 2, .TOC. - weak_one@l
        .localentry weak_one, . - weak_one
        blr
        .type far_entry, @function
far_entry: nop
        nop
        nop
        nop
        .localentry far_entry, . - far_entry
        blr
        .section .toc,"aw"
        .quad 1
