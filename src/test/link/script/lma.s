//# compare: ld ld.lld
# AT and the addresses that follow from it, as vmlinux.lds has them: AT(ADDR(x) - LOAD_OFFSET).
        .globl _start
_start: ret
        .section .rodata, "a"
        .quad 1
        .data
        .quad 2
        .bss
        .skip 64
        .section .after, "aw"
        .quad 3
//# script: inline
ENTRY(_start)
PHDRS { text PT_LOAD FLAGS(5); data PT_LOAD FLAGS(6); after PT_LOAD FLAGS(6); }
SECTIONS
{
  . = 0xffffffff81000000;
  .text : AT(ADDR(.text) - 0xffffffff80000000) { *(.text) } :text
  .rodata : AT(ADDR(.rodata) - 0xffffffff80000000) { *(.rodata) }
  . = ALIGN(0x1000);
  .data : AT(ADDR(.data) - 0xffffffff80000000) { *(.data) } :data
  load_of_data = LOADADDR(.data);
  .bss : AT(ADDR(.bss) - 0xffffffff80000000) { *(.bss) }
  . = ALIGN(0x1000);
  .after : AT(ADDR(.after) - 0xffffffff80000000) { *(.after) } :after
  /DISCARD/ : { *(.note*) }
}
