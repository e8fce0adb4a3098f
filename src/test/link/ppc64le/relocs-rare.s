//# machine: powerpc64le
//# compare: ld
//# script: inline
ENTRY(_start)
SECTIONS
{
  . = 0x10000000;
  .text : { *(.text) }
  .got : ALIGN(256) { *(.got .toc) }
  .data : { *(.data) }
  /DISCARD/ : { *(.note.GNU-stack .glink .rela.plt .plt .iplt .branch_lt) }
}
//# object: a.o
# Relocations that compilers do not write, to the edge of what fits: hints of conditional branches, absolute branches, addpcis, parts of distances, the halves beside instructions of two
# words, and displacements of 28 bits.
        .machine power10
        .globl _start
_start:
        beq+ cr0, near
        .reloc .-4, R_PPC64_REL14_BRTAKEN, near
        beq cr0, .
        .reloc .-4, R_PPC64_REL14_BRTAKEN, near
        beq cr0, .
        .reloc .-4, R_PPC64_REL14_BRNTAKEN, near
        bdnz .
        .reloc .-4, R_PPC64_REL14_BRTAKEN, near
        bdz .
        .reloc .-4, R_PPC64_REL14_BRNTAKEN, near
        bc 20,0,.
        .reloc .-4, R_PPC64_REL14_BRTAKEN, near
        bdnzf eq, .
        .reloc .-4, R_PPC64_REL14_BRTAKEN, near
        bca 12,2,0
        .reloc .-4, R_PPC64_ADDR14, low14
        bca 12,2,0
        .reloc .-4, R_PPC64_ADDR14_BRTAKEN, low14
        bca 12,2,0
        .reloc .-4, R_PPC64_ADDR14_BRNTAKEN, low14
        ba 0
        .reloc .-4, R_PPC64_ADDR24, low24
        bla 0
        .reloc .-4, R_PPC64_ADDR24, high24
        bla 0
        .reloc .-4, R_PPC64_ADDR24, neg24
        addpcis 5, 0
        .reloc .-4, R_PPC64_REL16DX_HA, data
        addpcis 5, 0x7fff
        .reloc .-4, R_PPC64_REL16DX_HA, data+0x12348
        .irp t, HIGH, HIGHA, HIGHER, HIGHERA, HIGHEST, HIGHESTA, HIGHER34, HIGHERA34, HIGHEST34, HIGHESTA34
        lis 3, 0
        .reloc .-4, R_PPC64_REL16_\t, data
        lis 3, 0
        .reloc .-4, R_PPC64_REL16_\t, wide
        .endr
        .irp t, HIGHER34, HIGHERA34, HIGHEST34, HIGHESTA34
        lis 3, 0
        .reloc .-4, R_PPC64_ADDR16_\t, data
        lis 3, 0
        .reloc .-4, R_PPC64_ADDR16_\t, wide
        .endr
        .balign 8
        .quad 0
        .reloc .-8, R_PPC64_D28, small28
        .quad -1
        .reloc .-8, R_PPC64_PCREL28, near
        .quad 0
        .reloc .-8, R_PPC64_PCREL28, _start
        .quad 0
        .reloc .-8, R_PPC64_ADDR64_LOCAL, entry
        .globl near, entry, data, low14, low24, high24, neg24, wide, small28
        .set low14, 0x7ffc
        .set low24, 0x1fffffc
        .set high24, 0x3fffffc
        .set neg24, -0x2000000
        .set wide, 0x7fff8001ffff8000
        .set small28, 0x7ffffff
near:   blr
        .type entry, @function
entry:  addis 2,12,.TOC.-entry@ha
        addi 2,2,.TOC.-entry@l
        .localentry entry, .-entry
        blr
        .data
data:   .quad 1
        .section .toc,"aw"
        .quad data
        .globl dx_high, dx_low, b28_high
        .set dx_high, 0x10000000 + 0x7fff7fff
        .set dx_low, 0x10000000 - 0x80008000
        .text
6:      addpcis 5, 0
        .reloc 6b, R_PPC64_REL16DX_HA, dx_high + (6b - _start)
7:      addpcis 5, 0
        .reloc 7b, R_PPC64_REL16DX_HA, dx_low + (7b - _start)
