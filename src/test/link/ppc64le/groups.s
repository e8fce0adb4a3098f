//# machine: powerpc64le
//# script: inline
//# options: -pie -z notext
//# compare: ld
//# ignore: section..got.entsize (nobody reads it)
ENTRY(_start)
PHDRS { text PT_LOAD FLAGS(7); }
SECTIONS
{
  . = 0x10000000;
  .text : { *(.text) } :text
  .init.text 0x12000000 : { *(.init.text) }
  .branch_lt : { *(.branch_lt) }
  .got : ALIGN(256) { *(.got .toc) }
  .dynsym : { *(.dynsym) }
  .dynstr : { *(.dynstr) }
  .dynamic : { *(.dynamic) }
  .hash : { *(.hash) }
  .gnu.hash : { *(.gnu.hash) }
  .interp : { *(.interp) }
  .rela.dyn : { *(.rela*) }
  .data : { *(.data) }
  /DISCARD/ : { *(.note.GNU-stack .glink .plt .iplt) }
}
//# object: a.o
# Veneers stand before groups of sections: as branches where these reach, else by way of a word that moves with the image; in the order of
# GNU ld's table, under its names.
        .globl _start, first, second
_start: bl later
        nop
        bl later_still
        nop
        bl first
first:  blr
second: blr
        .section .init.text,"ax"
        .globl later
        .type later, @function
later:  addis 2, 12, .TOC. - later@ha
        addi 2, 2, .TOC. - later@l
        .localentry later, . - later
        bl first
        bl second
        bl _start
        bl middle
        b first + 4
        blr
//# object: b.o
        .globl middle, inner
        .zero 0x1200
middle: bl later
        nop
        beq cr1, inner
inner:  blr
//# object: c.o
# A conditional branch to another section makes for a small group.
        .globl conditional
conditional:
        beq middle
        bl later
        nop
        blr
        .data
        .quad conditional
        .section .init.text,"ax"
        .globl later_still
later_still: bl conditional
        bl .Lhere
        blr
        .text
        .zero 0x3000
.Lhere: blr
