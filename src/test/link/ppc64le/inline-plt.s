//# machine: powerpc64le
//# compare: ld
//# audit:
//# script: inline
ENTRY(_start)
SECTIONS
{
  . = 0x10000000;
  .text : { *(.text) }
  .data : { *(.data) }
  .got : ALIGN(256) { *(.got .toc) }
  /DISCARD/ : { *(.note.GNU-stack .glink .rela.plt .plt .iplt .branch_lt) }
}
//# object: a.o
# Calls by way of a table of addresses (-fno-plt, -mlongcall) become calls.
        .machine power10
        .globl _start
_start: std 2,24(1)
        addis 12,2,0
        .reloc .-4, R_PPC64_PLT16_HA, callee
        ld 12,0(12)
        .reloc .-4, R_PPC64_PLT16_LO_DS, callee
        mtctr 12
        .reloc .-4, R_PPC64_PLTSEQ, callee
        bctrl
        .reloc .-4, R_PPC64_PLTCALL, callee
        ld 2,24(1)
        pld 12,0(0),1
        .reloc .-8, R_PPC64_PLT_PCREL34_NOTOC, plain
        mtctr 12
        .reloc .-4, R_PPC64_PLTSEQ_NOTOC, plain
        bctrl
        .reloc .-4, R_PPC64_PLTCALL_NOTOC, plain
        pld 12,0(0),1
        .reloc .-8, R_PPC64_PLT_PCREL34, callee
        mtctr 12
        .reloc .-4, R_PPC64_PLTSEQ, callee
        bctrl
        .reloc .-4, R_PPC64_PLTCALL, callee
        ld 2,24(1)
        addis 12,2,0
        .reloc .-4, R_PPC64_PLT16_HA, plain
        ld 12,0(12)
        .reloc .-4, R_PPC64_PLT16_LO_DS, plain
        mtctr 12
        .reloc .-4, R_PPC64_PLTSEQ, plain
        bctr
        .reloc .-4, R_PPC64_PLTCALL, plain0
        ld 2,24(1)
        blr
        .section .toc,"aw"
        .globl near
near:   .quad 5
        .data
        .globl data
data:   .quad 1
//# object: b.o
        .machine power10
        .globl callee, plain, plain0
        .type callee, @function
callee: addis 2,12,.TOC.-callee@ha
        addi 2,2,.TOC.-callee@l
        .localentry callee, .-callee
        blr
plain0: blr
        .type plain, @function
plain:  .localentry plain, 1
        blr
