//# compare: ld
//# differs: ld.lld symbol.__start_data.section (lld: a symbol set between sections is in the one before, also after a moved dot)
# A symbol set from the location counter between output sections is relative to a section, so that it moves with
# the image under KASLR: GNU ld picks the one before, or after a `. =` the one that follows.
        .globl _start
_start: ret
        .data
        .quad _stext, _etext, __start_data, _end
        .section .rodata, "a"
        .quad 7
//# script: inline
ENTRY(_start)
SECTIONS
{
  . = 0x400000;
  _stext = .;
  .text : { *(.text) }
  _etext = .;
  . = ALIGN(0x1000);
  __start_rodata = .;
  .rodata : { *(.rodata) }
  __end_rodata = .;
  . = ALIGN(0x1000);
  __start_data = .;
  .data : { *(.data) }
  . = ALIGN(0x1000);
  _end = .;
  /DISCARD/ : { *(.note*) }
}
