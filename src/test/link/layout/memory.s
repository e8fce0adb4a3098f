//# script: inline
MEMORY
{
  rom (rx) : ORIGIN = 0x100000, LENGTH = 64K
  ram (w!x) : ORIGIN = 0x200000, LENGTH = LENGTH(rom) / 2
}
REGION_ALIAS("data_region", ram)
SECTIONS
{
  .text : { *(.text) } >rom
  .rodata : { *(.rodata) } >rom
  .data : { _data = .; *(.data) _edata = .; } >data_region AT>rom
  _data_load = LOADADDR(.data);
  .more : { *(.more) } >ram
  .aligned : ALIGN(64) { *(.aligned) } >ram AT>rom
  .bss : { *(.bss) } >ram
  .by_attribute : { *(.by_attribute) }
  _rom_end = ORIGIN(rom) + LENGTH(rom);
  /DISCARD/ : { *(.note.GNU-stack) }
}
//# object: a.o
//# compare: ld
//# expect-section: .data addr=0x200000
//# expect-symbol: _data_load value=0x10000a
        .globl _start
_start: ret
        nop
        .section .rodata, "a"
        .quad 1
        .data
        .byte 1, 2, 3
        .section .more, "aw"
        .p2align 4
        .quad 2
        .section .aligned, "aw"
        .quad 3
        .bss
        .skip 24
        .section .by_attribute, "a"
        .quad 4
