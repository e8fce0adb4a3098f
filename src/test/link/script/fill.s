//# compare: ld
# Fill patterns, FILL inside, and how a pattern repeats from the start of each gap.
        .globl _start
_start: ret
        .balign 4
        .section .a, "ax"
        .balign 16
        .byte 1
        .section .b, "ax"
        .balign 16
        .byte 2
        .section .d1, "aw"
        .byte 1
        .section .d2, "aw"
        .balign 32
        .byte 2
        .section .d3, "aw"
        .balign 32
        .byte 3
//# script: inline
ENTRY(_start)
SECTIONS
{
  .text 0x400000 : { *(.text) *(.a) *(.b) . = ALIGN(32); } =0x9090
  .hex : { *(.a*) BYTE(7) . += 9; BYTE(8) } = 0xcc
  .data 0x401000 : { *(.d1) *(.d2) FILL(0x123456) *(.d3) . = . + 7; } = 0xdeadbeef
  .long : { BYTE(1) . = ALIGN(16); BYTE(2) } = 0x0102030405
  .expr : { BYTE(1) . = ALIGN(16); BYTE(2) } = (1 + 0x20)
  /DISCARD/ : { *(.note*) }
}
