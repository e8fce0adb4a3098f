//# compare: ld
# Flags, type and entry size of an output section made of unlike inputs.
        .globl _start
_start: ret
        .section .a, "a"
        .quad 1
        .section .b, "aw"
        .quad 2
        .section .c, "awx"
        nop
        .section .d, "aw", @nobits
        .skip 8
        .section .e, "aMS", @progbits, 1
        .asciz "e"
        .section .f, "aM", @progbits, 8
        .quad 6
        .section .g, "a", @note
        .quad 7
        .section .h, "a", @0x70000001
        .quad 8
//# script: inline
ENTRY(_start)
SECTIONS
{
  .text 0x400000 : { *(.text) }
  .ab : { *(.a .b) }
  .bc : { *(.c) }
  .de : { *(.d .e) }
  .fg : { *(.f) *(.g) }
  .h : { *(.h) }
  /DISCARD/ : { *(.note*) }
}
