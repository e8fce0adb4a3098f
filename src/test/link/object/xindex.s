//# compare: ld
# More than 65,279 sections: indices go to SHT_SYMTAB_SHNDX, counts to section 0.
        .globl _start
_start: call last
        .macro one
        .section .text.s\@, "ax"
f\@:    nop
        .endm
        .rept 65300
        one
        .endr
        .section .text.last, "ax"
        .globl last
last:   ret
        .data
        .quad last
//# script: inline
ENTRY(_start)
SECTIONS
{
  .text 0x400000 : { *(.text .text.*) }
  .data : { *(.data) }
  /DISCARD/ : { *(.note*) }
}
