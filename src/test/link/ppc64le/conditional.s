//# machine: powerpc64le
//# compare: ld
//# audit:
//# script: inline
ENTRY(_start)
SECTIONS
{
  . = 0x10000000;
  .text : { *(.text) *(.text.pad) *(.text.*) }
  .init.text 0x12000000 : { *(.init.text) }
  .branch_lt : { *(.branch_lt) }
  .got : ALIGN(256) { *(.got .toc) }
  /DISCARD/ : { *(.note.GNU-stack .glink .rela.plt .plt .iplt) }
}
//# object: a.o
# Conditional branches to what is more than 32 KiB away, and more than 32 MiB: by a branch, and by way of a table.
        .globl _start
_start: beq far
        bl far
        bnel+ far_toc
        nop
        bdnz .Lbeside
        b other
        beq local
        beq- farther
        beq+ farther
        .section .text.far,"ax"
        .globl far, far_toc
.Lbeside: nop
far:    blr
local:  beq _start
        blr
        .type far_toc, @function
far_toc: addis 2, 12, .TOC. - far_toc@ha
        addi 2, 2, .TOC. - far_toc@l
        .localentry far_toc, . - far_toc
        blr
        .section .toc,"aw"
        .quad far
        .section .init.text,"ax"
        .globl farther
farther: beq far
        bc 12, 3, _start
        blr
//# object: b.o
        .section .text.pad,"ax"
        .zero 0x9000
//# object: c.o
        .globl other
other:  beq far
        .reloc other, R_PPC64_REL14_BRTAKEN, far
        beql far_toc
        nop
        bdz .
        .reloc . - 4, R_PPC64_REL14_BRNTAKEN, far
        blr
