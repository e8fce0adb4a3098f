//# compare: ld
# A section without :name goes where the one before it went, also into two segments at once; :NONE ends that.
        .globl _start
_start: ret
        .section .rodata, "a"
        .quad 1
        .section .notes, "a", @note
        .long 4, 4, 1
        .asciz "abc"
        .long 0
        .data
        .quad 2
        .section .more, "aw"
        .quad 3
        .section .info, "a"
        .quad 4
//# script: inline
ENTRY(_start)
PHDRS
{
  text PT_LOAD FLAGS(5);
  data PT_LOAD FLAGS(6);
  note PT_NOTE FLAGS(0);
  stack PT_GNU_STACK FLAGS(6);
}
SECTIONS
{
  . = 0x400000;
  .text : { *(.text) } :text = 0xcccccccc
  .rodata : { *(.rodata) }
  .notes : { *(.notes) } :text :note
  . = ALIGN(0x1000);
  .data : { *(.data) } :data
  .more : { *(.more) }
  .info : { *(.info) } :NONE
  /DISCARD/ : { *(.note*) }
}
