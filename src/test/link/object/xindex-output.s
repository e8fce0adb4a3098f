//# compare: ld
# An image with more than 65,279 sections: its own indices go to .symtab_shndx and section 0.
        .globl _start
_start: call f65299
        .macro one
        .section text\@, "ax"
        .globl f\@
f\@:    nop
        .endm
        .rept 65300
        one
        .endr
//# script: inline
ENTRY(_start)
SECTIONS
{
  .text 0x400000 : { *(.text) }
  /DISCARD/ : { *(.note*) }
}
